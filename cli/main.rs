//! `licit` tells, with proof, whether software licenses cover the installs.

fn main() {}
