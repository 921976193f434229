//! tmp
use model::*;
fn main() {
    for path in std::env::args().skip(1) {
        let r = read_estate(std::path::Path::new(&path), &ReadOptions::default());
        println!("== {path} {:?}", r.findings.error_count());
        for d in r.findings.diagnostics() {
            println!("{} {}:{}+{} {} {} | {:?} {:?}", d.code, d.place.line, d.place.column, d.place.length, r.findings.file_name(d.place.file), d.message, d.help, d.related.iter().map(|x| (x.place.line, x.place.column, &x.message)).collect::<Vec<_>>());
        }
    }
}
