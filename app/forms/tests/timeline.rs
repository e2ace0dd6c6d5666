//! The events of an application's history and the codes under which they are stored.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use forms::{Field, review::Item, status::ApplicationEvent, timeline::Event};
use std::collections::HashSet;

#[test]
fn every_event_is_read_back_from_its_code() {
    for event in Event::ALL {
        assert_eq!(Event::parse(event.code()).as_ref(), Some(event));
    }
}

#[test]
fn codes_are_listed_in_the_order_of_the_events() {
    let codes: Vec<&str> = Event::ALL.iter().map(Event::code).collect();
    assert_eq!(codes, Event::CODES);
}

#[test]
fn no_two_events_share_a_code() {
    let codes: HashSet<&str> = Event::CODES.iter().copied().collect();
    assert_eq!(codes.len(), Event::ALL.len());
}

#[test]
fn codes_are_those_that_the_audit_has_stored_all_along() {
    let stored = "application.begin application.submit application.resubmit application.discard application.withdraw \
                  application.supersede review.save review.approve \
                  review.return review.reject review.correct review.verify review.unverify review.ask_paper review.drop_paper \
                  review.sign review.settle \
                  review.lapse review.approve_area review.approve_exempt";
    assert_eq!(Event::CODES.join(" "), stored);
}

#[test]
fn an_unknown_code_is_no_event() {
    for code in ["", "review", "review.", "review.Sign", "account.register"] {
        assert_eq!(Event::parse(code), None);
    }
}

#[test]
fn data_do_not_change_the_code() {
    let returned = Event::Return { items: vec![Item::Answer(Field::Mobile)] };
    assert_eq!(returned.code(), "review.return");
    assert_ne!(Event::parse(returned.code()), Some(returned));
}

#[test]
fn every_change_of_state_has_its_event() {
    for change in ApplicationEvent::ALL {
        assert!(Event::ALL.iter().any(|event| event.transition() == Some(*change)), "{change:?}");
    }
}
