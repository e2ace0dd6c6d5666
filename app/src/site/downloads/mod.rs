//! The forms of the annexes (S104): a list, each as a page to print and as PDF, empty or filled with what a candidate said.
mod content;
pub(super) mod page;
mod paper;
mod prefill;
