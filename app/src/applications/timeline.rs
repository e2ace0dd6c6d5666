//! What happened to an application, for candidates and offices alike.
use super::data::EventLine;
use crate::components::dated;
use leptos::prelude::*;

/// The events, the oldest first.
#[component]
pub fn Timeline(events: Vec<EventLine>) -> impl IntoView {
    view! {
        <ol class="timeline">{events.into_iter().map(|event| view! {
            <li><time>{event.when}</time><span>{event.what}</span><span class="over">{event.office}</span></li>
        }.into_any()).collect_view()}</ol>
    }
}

/// Corrections of identity data, each in a sentence; nothing if there are none.
#[component]
pub fn Corrections(title: &'static str, corrections: Vec<String>) -> impl IntoView {
    (!corrections.is_empty()).then(|| {
        view! {
            <section class="sheet">
                <h2>{title}</h2>
                <ul>{corrections.into_iter().map(|line| view! { <li>{dated(&line)}</li> }.into_any()).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}
