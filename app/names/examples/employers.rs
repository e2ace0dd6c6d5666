//! Made-up employers as a file to import: `employers COUNT > FILE`. For benchmarks and demonstrations of load; never for a live system.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool of the developers")]
#[path = "../tests/common/mod.rs"]
mod common;

fn main() {
    let count = std::env::args().nth(1).unwrap().parse().unwrap();
    println!("name,former,region");
    for (name, former, region) in common::employers(count) {
        println!("{name},{},{:02}", former.join("|"), region.0);
    }
}
