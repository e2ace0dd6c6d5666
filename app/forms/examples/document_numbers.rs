//! Reads lines of a document type and a number, and answers `yes` or `no` for each: the side of the comparison that is
//! ours when an independent library checks the same numbers (`end2end/oracle`).
use forms::{
    choice::{Choice, DocumentType},
    value::IdentityDocument,
};
use std::io::{BufRead, stdin};

fn main() {
    for line in stdin().lock().lines().map_while(Result::ok) {
        let (kind, number) = line.split_once(' ').unwrap_or((&line, ""));
        let is_right = |kind| IdentityDocument::parse(kind, number).is_ok_and(|document| !document.is_unusual());
        let accepted = DocumentType::parse(kind).is_ok_and(is_right);
        println!("{}", if accepted { "yes" } else { "no" });
    }
}
