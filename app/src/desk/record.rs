//! One record under review: data and entries, the photo beside them, automatic checks on top, the checklist, and the deeds
//! that are open to the office. Every deed is a form; in a page that is awake its pairs go through a server function, and
//! what was typed stays when it is refused.
use super::{
    DeskOutcome, Line, RecordData, Wrong,
    api::{deed, load_record},
    outcome, pairs_of,
    queue::claimed,
};
use crate::{
    error::AppError,
    lang::{Lang, lang},
    markup::{Markup, Pieces, scene, view},
    routes,
    spa::{focus, loaded},
    text,
    wire::{Packed, Posted},
};
use forms::{
    Code, Draft, Field,
    choice::{Choice, DocumentType, EthnicGroup, Sex},
    draft::TICKED,
    ids::ApplicationId,
    materials::Material,
    review::{
        ANSWERS, CorrectionDraft, CorrectionReason, Finding, FindingReason, Item, ItemDraft, ReviewAction, ReviewDraft,
        ReviewOutcome,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// What the page says about the last deed. One for the whole page, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
struct Desk {
    id: ApplicationId,
    wrong: RwSignal<Wrong>,
    said: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    turn: RwSignal<u32>,
    data: RwSignal<Option<RecordData>>,
    /// What was posted without script and refused: it stands in the forms again.
    typed: StoredValue<Posted>,
}

/// A record.
#[component]
pub fn RecordPage(id: ApplicationId) -> Markup {
    let lang = lang();
    let DeskOutcome { fields, wrong, conflict } = outcome().unwrap_or_default();
    let done = crate::spa::asked("done").and_then(|code| said_of(lang, &code));
    let desk = Desk {
        id,
        wrong: RwSignal::new(wrong),
        said: RwSignal::new(conflict.then(|| text::desk_conflict(lang).to_owned()).or(done)),
        busy: RwSignal::new(false),
        turn: RwSignal::new(0),
        data: RwSignal::new(None),
        typed: StoredValue::new(fields),
    };
    view! {
        <Said desk />
        {scene(move || {
            desk.turn.get();
            loaded(move || load_record(id), move |data: RecordData| view! { <Record desk data /> })
        })}
    }
}

/// What became of a deed, in words; its code stands in the address after a plain post.
fn said_of(lang: Lang, code: &str) -> Option<String> {
    text::lookup(lang, &format!("review_action.{code}")).map(str::to_owned)
}
/// The code of what was done.
pub(crate) fn done_code(fields: &Posted) -> String {
    let of = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    match (of("do"), of("outcome"), of("yes")) {
        ("judge", outcome, _) => format!("judge_{outcome}"),
        (deed @ ("verify" | "settle"), _, yes) => format!("{deed}_{}", if yes == TICKED { "yes" } else { "no" }),
        (deed, ..) => deed.to_owned(),
    }
}

/// The id of the place where something about a control is said.
fn place(control: &str) -> String {
    format!("i-{}", control.replace('.', "-"))
}

/// The label of a control: of a paper, of an answer, of a field.
fn name_of(lang: Lang, control: &str) -> &'static str {
    match Item::parse(control) {
        Some(Item::Paper(paper)) => paper_name(lang, paper),
        Some(Item::Answer(field)) => text::label(lang, field),
        None => match Field::parse(control) {
            Some(field) => text::label(lang, field),
            None => text::desk_whole(lang),
        },
    }
}
fn paper_name(lang: Lang, paper: Material) -> &'static str {
    text::lookup(lang, &format!("material.{}", paper.key())).unwrap_or_default()
}

/// What was done or what is wrong, above the record. It takes the focus when it changes.
#[component]
fn Said(desk: Desk) -> Markup {
    let lang = lang();
    view! {
        <div id="desk-said" tabindex="-1" role="status" aria-live="polite">
            {move || desk.said.get().map(|sentence| view! { <p class="done">{sentence}</p> })}
            {move || {
                let wrong = desk.wrong.get();
                (!wrong.is_empty()).then(|| view! {
                    <div class="summary">
                        <h2>{text::form_summary_title(lang)}</h2>
                        <ul>{wrong.into_iter().map(|(control, code)| view! {
                            <li><a href=format!("#{}", place(&control)) rel="external">{text::form_named(lang, name_of(lang, &control), text::problem(lang, code))}</a></li>
                        }).pieces()}</ul>
                    </div>
                })
            }}
        </div>
    }
}

impl Desk {
    /// Sends a form's pairs. What the rules find here is said at once and nothing is sent.
    fn send(self, event: &leptos::ev::SubmitEvent) {
        event.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        let (lang, fields) = (lang(), pairs_of(event));
        self.said.set(None);
        let own = self.data.with_untracked(|data| data.as_ref().map(|data| judge(data, &fields)).unwrap_or_default());
        let right = own.is_empty();
        self.wrong.set(own);
        if !right {
            focus("desk-said");
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            match deed(self.id, fields.clone()).await.and_then(Packed::open) {
                Ok(wrong) if wrong.is_empty() => {
                    // What was said in the checklist and not yet sent stays when another deed draws the record anew.
                    let judged = fields.get("do").is_some_and(|code| code == ReviewAction::Judge.code());
                    self.typed.set_value(if judged { Posted::new() } else { super::pairs_in("judge") });
                    self.said.set(said_of(lang, &done_code(&fields)));
                    self.turn.update(|turn| *turn += 1);
                }
                Ok(wrong) => self.wrong.set(wrong),
                Err(AppError::Conflict) => self.said.set(Some(text::desk_conflict(lang).to_owned())),
                Err(AppError::SignedOut) => self.said.set(Some(text::desk_signed_out(lang).to_owned())),
                Err(error) => self.said.set(Some(error.sentence(lang))),
            }
            self.busy.set(false);
            focus("desk-said");
        });
    }
    /// What is wrong with a control.
    fn problem(self, control: &str) -> Option<Code> {
        self.wrong.with(|wrong| wrong.iter().find(|(own, _)| own == control).map(|(_, code)| *code))
    }
    /// What was typed into a control before the page was drawn again.
    fn typed(self, control: &str) -> Option<String> {
        self.typed.with_value(|fields| fields.get(control).cloned())
    }
    /// Whether a form was posted and refused, so that what it says counts instead of what the books say.
    fn was_posted(self, deed: ReviewAction) -> bool {
        self.typed.with_value(|fields| fields.get("do").is_some_and(|code| code == deed.code()))
    }
}

/// The rules of the forms crate, as far as the browser knows what they ask for.
fn judge(data: &RecordData, fields: &Posted) -> Wrong {
    let of = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    match ReviewAction::parse(of("do")) {
        Ok(ReviewAction::Judge) => {
            let Ok(outcome) = ReviewOutcome::parse(of("outcome")) else { return Wrong::new() };
            let papers = data.papers.iter().copied().map(Item::Paper);
            let items: Vec<Item> = papers.chain(ANSWERS.iter().copied().map(Item::Answer)).collect();
            let pairs: Vec<(&str, String)> = fields.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
            let found = ReviewDraft::from_pairs(&items, &pairs).check(outcome, data.basis.today);
            let wrong = |problem: forms::review::ItemProblem| {
                (problem.item.map_or_else(|| "whole".to_owned(), Item::code), problem.code)
            };
            found.err().unwrap_or_default().into_iter().map(wrong).collect()
        }
        Ok(ReviewAction::Correct) => {
            let draft = CorrectionDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
            let problems = draft.check(&data.basis.context()).err().unwrap_or_default();
            problems.into_iter().map(|problem| (problem.field.name().to_owned(), problem.code)).collect()
        }
        _ => Wrong::new(),
    }
}

#[component]
fn Record(desk: Desk, data: RecordData) -> Markup {
    let lang = lang();
    desk.data.set(Some(data.clone()));
    let can = |deed: ReviewAction| deed.is_open(data.role, data.status);
    let held_by_other = data.claim.as_ref().is_some_and(|(_, mine)| !mine);
    let (judges, corrects, verifies, signs) =
        (can(ReviewAction::Judge), can(ReviewAction::Correct), can(ReviewAction::Verify), can(ReviewAction::Sign));
    let (settles, approves) =
        (can(ReviewAction::Settle) && !data.outstanding.is_empty(), can(ReviewAction::ApproveArea));
    view! {
        <div class="wizard-head">
            <div>
                <p class="over">{data.exam.clone()}</p>
                <h1>{data.name.clone()}" "<span class="serial">{data.serial.clone()}</span></h1>
                <p class="marks">
                    <span class=format!("status {}", data.status.code())>{text::choice(lang, data.status)}</span>
                    <span>{data.waits.clone()}</span>
                    <span>{text::desk_paper(lang, data.paper)}</span>
                    {data.claim.clone().map(|(name, mine)| view! { <span class="mark-lock">{claimed(lang, name, mine)}</span> })}
                </p>
            </div>
            <div class="ways">
                <a class="button" href=routes::DESK>{text::desk_back(lang)}</a>
                {can(ReviewAction::Claim).then(|| view! { <ClaimForm desk claim=data.claim.clone() /> })}
            </div>
        </div>
        <div id=place("whole") tabindex="-1"></div>
        {held_by_other.then(|| view! { <p class="note advice">{text::desk_held(lang)}</p> })}
        <section class="sheet">
            <h2>{text::desk_checks(lang)}</h2>
            <ul class="checks">
                {data.checks.iter().map(|(flag, right)| view! {
                    <li class=if *right { "right" } else { "look" }>{check_text(lang, *flag, *right)}</li>
                }).pieces()}
                {data.proofs.iter().map(|proof| view! { <li class="look">{text::desk_prove(lang, proof)}</li> }).pieces()}
            </ul>
        </section>
        {settles.then(|| view! { <Outstanding desk data=data.clone() /> })}
        {signs.then(|| view! { <SignForm desk data=data.clone() /> })}
        {approves.then(|| view! {
            <form method="post" action=routes::review(desk.id) class="sheet" on:submit=move |event| desk.send(&event)>
                <Hidden data=data.clone() deed=ReviewAction::ApproveArea />
                <h2>{text::desk_area_title(lang)}</h2>
                <p>{text::desk_area_body(lang)}</p>
                <button class="primary">{text::desk_area_button(lang)}</button>
            </form>
        })}
        <form id="judge" method="post" action=routes::review(desk.id) class="sheet wide" novalidate on:submit=move |event| desk.send(&event)>
            <Hidden data=data.clone() deed=ReviewAction::Judge />
            <div class="review">
                <div>
                    {data.groups.iter().cloned().map(|(title, lines)| view! { <Group desk title lines judges drafts=data.drafts.clone() /> }).pieces()}
                </div>
                <figure class="portrait">
                    <img src=routes::review_photo(desk.id) width="210" height="280" alt=text::desk_photo(lang) />
                </figure>
            </div>
            {judges.then(|| view! {
                <h2>{text::desk_papers(lang)}</h2>
                {data.papers.iter().copied().map(|paper| view! { <Paper desk paper draft=draft_of(&data, Item::Paper(paper)) /> }).pieces()}
                <div class="actions">
                    {[
                        (ReviewOutcome::Approve, "primary", text::desk_approve(lang)),
                        (ReviewOutcome::Return, "button", text::desk_return(lang)),
                        (ReviewOutcome::Reject, "button danger", text::desk_reject(lang)),
                        (ReviewOutcome::Save, "quiet", text::desk_save(lang)),
                    ].into_iter().filter(|(outcome, ..)| outcome.is_open(data.status)).map(|(outcome, class, label)| view! {
                        <button class=class name="outcome" value=outcome.code()>{label}</button>
                    }).pieces()}
                </div>
                <p class="note">{text::desk_outcome_note(lang)}</p>
            })}
        </form>
        <section class="sheet">
            <h2>{text::desk_entries(lang)}</h2>
            {data.entries.is_empty().then(|| view! { <p class="empty">{text::desk_no_entries(lang)}</p> })}
            <ul class="cards">
                {data.entries.iter().cloned().map(|entry| {
                    let title = entry.title.clone();
                    view! {
                        <li class="card">
                            <div>
                                <p class="card-title">{entry.title}</p>
                                <p class="card-facts">{entry.facts}</p>
                                <p class="marks">{entry.verified.then(|| view! { <span class="mark-tick">{text::entry_verified(lang)}</span> })}</p>
                            </div>
                            {verifies.then(|| view! {
                                <form method="post" action=routes::review(desk.id) on:submit=move |event| desk.send(&event)>
                                    <Hidden data=data.clone() deed=ReviewAction::Verify />
                                    <input type="hidden" name="entry" value=entry.id.to_string() />
                                    <button class="button" name="yes" value=if entry.verified { "no" } else { TICKED }>
                                        {if entry.verified { text::desk_unverify(lang, title) } else { text::desk_verify(lang, title) }}
                                    </button>
                                </form>
                            })}
                        </li>
                    }
                }).pieces()}
            </ul>
        </section>
        {corrects.then(|| view! { <CorrectForm desk data=data.clone() /> })}
        {(!data.corrections.is_empty()).then(|| view! {
            <section class="sheet">
                <h2>{text::desk_corrections(lang)}</h2>
                <ul>{data.corrections.iter().cloned().map(|line| view! { <li>{line}</li> }).pieces()}</ul>
            </section>
        })}
        <section class="sheet">
            <div class="title-row">
                <h2>{text::desk_history(lang)}</h2>
                <a class="button" href=routes::review_form(desk.id) rel="external">{text::desk_print(lang)}</a>
            </div>
            <ol class="timeline">{data.events.iter().cloned().map(|event| view! {
                <li><time>{event.when}</time><span>{event.what}</span><span class="over">{event.office}</span></li>
            }).pieces()}</ol>
        </section>
    }
}

fn check_text(lang: Lang, flag: forms::application::Flag, right: bool) -> String {
    if right {
        text::desk_check_right(lang, text::choice(lang, flag))
    } else {
        text::desk_check_look(lang, text::choice(lang, flag))
    }
}

/// What was said about an item so far.
fn draft_of(data: &RecordData, item: Item) -> ItemDraft {
    let blank =
        ItemDraft { item, finding: String::new(), reason: String::new(), note: String::new(), due: String::new() };
    data.drafts.iter().find(|draft| draft.item == item).cloned().unwrap_or(blank)
}

/// What every deed posts: which one, and the version that was looked at.
#[component]
fn Hidden(data: RecordData, deed: ReviewAction) -> Markup {
    view! {
        <input type="hidden" name="do" value=deed.code() />
        <input type="hidden" name="version" value=data.version.to_string() />
    }
}

#[component]
fn ClaimForm(desk: Desk, claim: Option<(String, bool)>) -> Markup {
    let lang = lang();
    let mine = claim.as_ref().is_some_and(|(_, mine)| *mine);
    let other = claim.is_some() && !mine;
    if other {
        return Markup::Nothing;
    }
    let (deed, label) = if mine {
        (ReviewAction::Release, text::desk_release(lang))
    } else {
        (ReviewAction::Claim, text::desk_claim(lang))
    };
    view! {
        <form method="post" action=routes::review(desk.id) on:submit=move |event| desk.send(&event)>
            <button class=if mine { "button" } else { "primary" } name="do" value=deed.code()>{label}</button>
        </form>
    }
}

/// What is wrong with a control, beside it.
#[component]
fn Wrongly(desk: Desk, control: String) -> Markup {
    let lang = lang();
    let id = place(&control);
    view! {
        <p class="error" id=id tabindex="-1">
            {move || desk.problem(&control).map(|code| view! { <span class="say-wrong">{text::problem(lang, code)}</span> })}
        </p>
    }
}

#[component]
fn Group(desk: Desk, title: String, lines: Vec<Line>, judges: bool, drafts: Vec<ItemDraft>) -> Markup {
    let lang = lang();
    view! {
        <h3>{title}</h3>
        <dl class="facts">
            {lines.into_iter().filter(|line| !line.value.is_empty() || line.before.is_some() || (judges && line.answer.is_some())).map(|line| {
                let item = line.answer.as_deref().and_then(Field::parse).map(Item::Answer).filter(|_| judges);
                let draft = item.and_then(|item| drafts.iter().find(|draft| draft.item == item).cloned());
                let changed = line.before.clone();
                let label = line.label.clone();
                view! {
                    <div class=if changed.is_some() { "fact changed" } else { "fact" }>
                        <dt>{line.label}</dt>
                        <dd>
                            {if line.value.is_empty() { "—".to_owned() } else { line.value }}
                            {changed.map(|before| view! { <span class="was">{text::desk_was(lang, if before.is_empty() { "—".to_owned() } else { before })}</span> })}
                            {item.map(|item| view! { <AnswerItem desk item label draft /> })}
                        </dd>
                    </div>
                }
            }).pieces()}
        </dl>
    }
}

/// What was typed about an item: what was posted, or else what the books have.
fn now(desk: Desk, control: &str, known: &str) -> String {
    if desk.was_posted(ReviewAction::Judge) { desk.typed(control).unwrap_or_default() } else { known.to_owned() }
}

/// The box that returns an answer, with reason and note once it is ticked.
#[component]
fn AnswerItem(desk: Desk, item: Item, label: String, draft: Option<ItemDraft>) -> Markup {
    let lang = lang();
    let code = item.code();
    let draft = draft.unwrap_or(ItemDraft {
        item,
        finding: String::new(),
        reason: String::new(),
        note: String::new(),
        due: String::new(),
    });
    let name = format!("finding.{code}");
    let ticked = now(desk, &name, &draft.finding) == Finding::Return.code();
    view! {
        <div class="item">
            <label class="tick-label">
                <input type="checkbox" name=name value=Finding::Return.code() checked=ticked aria-describedby=place(&code) />
                <span>{text::desk_return_one(lang)}<span class="unseen">{label.clone()}</span></span>
            </label>
            <Why desk code=code.clone() label draft due=false />
            <Wrongly desk control=code />
        </div>
    }
}

/// Reason and note of an item, and the day where it may come later. Shown once there is something to say.
#[component]
fn Why(desk: Desk, code: String, label: String, draft: ItemDraft, due: bool) -> Markup {
    let lang = lang();
    let (reason, note, day) = (format!("reason.{code}"), format!("note.{code}"), format!("due.{code}"));
    let chosen = now(desk, &reason, &draft.reason);
    let typed = now(desk, &note, &draft.note);
    let by = now(desk, &day, &draft.due);
    let named = move |what: &str| text::form_named(lang, &label, what);
    view! {
        <div class="why">
            <select name=reason aria-label=named(text::label(lang, Field::Reason))>
                <option value="" selected=chosen.is_empty()>{text::desk_reason(lang)}</option>
                {FindingReason::ALL.iter().map(|reason| view! {
                    <option value=reason.code() selected=chosen == reason.code()>{text::choice(lang, *reason)}</option>
                }).pieces()}
            </select>
            <input type="text" name=note value=typed placeholder=text::desk_note(lang) aria-label=named(text::label(lang, Field::Note)) autocomplete="off" />
            {due.then(|| view! {
                <input type="text" class="due" name=day value=by placeholder="YYYY-MM-DD" inputmode="numeric" aria-label=named(text::desk_due(lang)) autocomplete="off" />
            })}
        </div>
    }
}

/// A paper of the checklist.
#[component]
fn Paper(desk: Desk, paper: Material, draft: ItemDraft) -> Markup {
    let lang = lang();
    let item = Item::Paper(paper);
    let code = item.code();
    let name = format!("finding.{code}");
    let chosen = now(desk, &name, &draft.finding);
    let label = paper_name(lang, paper);
    // What was said the last time stands beside an item that came back and is judged anew.
    let last = (draft.finding.is_empty() && !draft.reason.is_empty())
        .then(|| text::desk_last_time(lang, text::choice_code(lang, FindingReason::LIST, &draft.reason), &draft.note));
    view! {
        <fieldset class="item check-item" aria-describedby=place(&code)>
            <legend>{label}</legend>
            {last.map(|last| view! { <p class="hint">{last}</p> })}
            <div class="radios">
                {item.findings().into_iter().map(|finding| {
                    let checked = chosen == finding.code();
                    view! {
                        <label class=format!("radio {}", finding.code())>
                            <input type="radio" name=name.clone() value=finding.code() checked=checked />
                            <span>{text::choice(lang, finding)}</span>
                        </label>
                    }
                }).pieces()}
            </div>
            <Why desk code=code.clone() label=label.to_owned() draft due=item.may_come_later() />
            <Wrongly desk control=code />
        </fieldset>
    }
}

/// What was to come later, and whether it came (X31).
#[component]
fn Outstanding(desk: Desk, data: RecordData) -> Markup {
    let lang = lang();
    let items = data.outstanding.clone();
    view! {
        <section class="sheet">
            <h2>{text::desk_outstanding(lang)}</h2>
            <ul class="cards">
                {items.into_iter().map(|found| {
                    let code = found.item.code();
                    let due = found.due.map(|due| due.to_string()).unwrap_or_default();
                    view! {
                        <li class="card">
                            <div>
                                <p class="card-title">{name_of(lang, &code)}</p>
                                <p class="card-facts">{text::desk_due_by(lang, due)}</p>
                            </div>
                            <form method="post" action=routes::review(desk.id) class="row" on:submit=move |event| desk.send(&event)>
                                <Hidden data=data.clone() deed=ReviewAction::Settle />
                                <input type="hidden" name="item" value=code />
                                <button class="primary" name="yes" value=TICKED>{text::desk_came(lang)}</button>
                                <button class="button danger" name="yes" value="no">{text::desk_never_came(lang)}</button>
                            </form>
                        </li>
                    }
                }).pieces()}
            </ul>
        </section>
    }
}

/// The form to sign is printed, signed, and recorded with its version (S91).
#[component]
fn SignForm(desk: Desk, data: RecordData) -> Markup {
    let lang = lang();
    view! {
        <form id="sign" method="post" action=routes::review(desk.id) class="sheet" on:submit=move |event| desk.send(&event)>
            <Hidden data=data.clone() deed=ReviewAction::Sign />
            <input type="hidden" name="paper" value=data.paper.to_string() />
            <h2>{text::desk_sign_title(lang)}</h2>
            <p>{text::desk_sign_body(lang, data.paper)}</p>
            <p><a class="button" href=routes::review_form(desk.id) rel="external">{text::desk_print(lang)}</a></p>
            <div class="field check">
                <label>
                    <input type="checkbox" name="yes" value=TICKED aria-describedby=place("yes") />
                    <span>{text::desk_sign_seen(lang, data.paper)}</span>
                </label>
                <Wrongly desk control="yes".to_owned() />
            </div>
            <button class="primary">{text::desk_sign_button(lang)}</button>
        </form>
    }
}

/// Identity data, with a reason (S111).
#[component]
fn CorrectForm(desk: Desk, data: RecordData) -> Markup {
    let lang = lang();
    let posted = desk.was_posted(ReviewAction::Correct);
    let rules = data.basis.rules();
    let identity = data.identity.clone();
    let value = move |field: Field| {
        if posted { desk.typed(field.name()).unwrap_or_default() } else { identity.text(field) }
    };
    let line = |field: Field| {
        let name = field.name();
        let typed = value(field);
        view! {
            <div class="field">
                <label for=format!("f-{name}")>{text::label(lang, field)}</label>
                <input id=format!("f-{name}") name=name type="text" value=typed aria-describedby=place(name) autocomplete="off" spellcheck="false" />
                <Wrongly desk control=name.to_owned() />
            </div>
        }
    };
    let list = |field: Field, options: Vec<(String, String)>| {
        let name = field.name();
        let chosen = value(field);
        view! {
            <div class="field">
                <label for=format!("f-{name}")>{text::label(lang, field)}</label>
                <select id=format!("f-{name}") name=name aria-describedby=place(name)>
                    <option value="" selected=chosen.is_empty()>{text::form_choose(lang)}</option>
                    {options.into_iter().map(|(code, label)| {
                        let selected = code == chosen;
                        view! { <option value=code selected=selected>{label}</option> }
                    }).pieces()}
                </select>
                <Wrongly desk control=name.to_owned() />
            </div>
        }
    };
    view! {
        <details class="sheet" open=posted>
            <summary><h2>{text::desk_correct_title(lang)}</h2></summary>
            <p class="note">{text::desk_correct_note(lang)}</p>
            <form id="correct" method="post" action=routes::review(desk.id) novalidate on:submit=move |event| desk.send(&event)>
                <Hidden data=data.clone() deed=ReviewAction::Correct />
                {line(Field::Name)}
                {list(Field::DocumentType, text::options::<DocumentType>(lang, rules.documents))}
                {line(Field::DocumentNumber)}
                {list(Field::Sex, text::options(lang, Sex::ALL))}
                {line(Field::BirthDate)}
                {list(Field::EthnicGroup, text::options(lang, EthnicGroup::ALL))}
                {list(Field::Reason, text::options(lang, CorrectionReason::ALL))}
                {line(Field::Note)}
                <button class="primary">{text::desk_correct_button(lang)}</button>
            </form>
        </details>
    }
}
