//! The closing of registration, with the time that is left.
use crate::{
    i18n,
    lang::{Lang, lang},
};
use leptos::prelude::*;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// The time that is left: days, or hours and minutes once it is less than two days.
fn time_left(lang: Lang, seconds: i64) -> String {
    let minutes = (seconds + MINUTE - 1) / MINUTE;
    match seconds {
        ..=0 => i18n::wizard_left_none(lang).to_owned(),
        seconds if seconds >= 2 * DAY => i18n::wizard_left_days(lang, seconds / DAY),
        _ => i18n::wizard_left(lang, minutes / 60, minutes % 60),
    }
}

/// A sentence that names the closing of registration, and the time that is left by the server's clock (S132). The script of drafts
/// counts on in the page: `left` is in seconds.
#[component]
pub fn Deadline<S: IntoView + 'static>(sentence: S, left: i64) -> impl IntoView {
    let lang = lang();
    view! {
        <p class="deadline">
            {sentence}" "
            <b role="timer" data-left=left.to_string() data-text=i18n::wizard_left(lang, "%h", "%m") data-none=i18n::wizard_left_none(lang)>
                {time_left(lang, left)}
            </b>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_hours_and_minutes_before_the_end_and_minutes_are_not_cut() {
        let left = |seconds| time_left(Lang::En, seconds);
        assert_eq!(left(3 * DAY + 7), "3 days left");
        assert_eq!(left(2 * DAY - 1), "48 h 0 min left");
        assert_eq!(left(10 * MINUTE), "0 h 10 min left");
        assert_eq!(left(1), "0 h 1 min left");
        assert_eq!(left(0), "closed");
        assert_eq!(left(-5), "closed");
    }
}
