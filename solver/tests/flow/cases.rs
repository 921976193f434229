//! Networks by hand, one fact each.
