//! What can be applied for, with filters at the top (S32). The filters are a plain GET form; with script they act at once.
use super::{
    api::{begin_application, load_exams},
    data::{ApplicationData, ApplyResult, CategoryData, ExamData, ExamsData},
};
use crate::{
    browser::{navigate_to, query_value},
    components::{FilterSelect, PageField, Summary, UntilHydrated, dated, loaded},
    i18n,
    lang::lang,
    routes::Page,
    transport::{Encoded, SubmissionResult, submission_result},
};
use forms::{
    category::{Discipline, ExamLevel},
    ids::ExamSessionId,
    journey::Step,
    status::{ApplicationStatus, Withdrawal},
};
use leptos::{prelude::*, task::spawn_local};

/// The catalogue.
#[component]
pub fn CataloguePage() -> impl IntoView {
    let result = submission_result();
    view! {
        <h1>{i18n::catalogue_title(lang())}</h1>
        {loaded(load_exams, move |data| view! { <Catalogue data result=result.clone() /> })}
    }
}

/// What somebody has in a session already: what was submitted before a draft that may take its place.
fn of_session(own: &[ApplicationData], session: ExamSessionId) -> Option<ApplicationData> {
    let current = || own.iter().filter(|own| own.session == session && !own.status.is_ended());
    current().find(|own| own.status != ApplicationStatus::Draft).or_else(|| current().next()).cloned()
}

/// That there is an application or a draft already, and the way to it: a person has one at a time (S123).
#[component]
fn Standing(own: ApplicationData) -> impl IntoView {
    let lang = lang();
    let is_draft = own.status == ApplicationStatus::Draft;
    let message =
        if is_draft { i18n::catalogue_draft(lang, own.category) } else { i18n::catalogue_taken(lang, own.category) };
    view! {
        <p class="note warning">
            {message}" "
            {(own.withdrawal == Some(Withdrawal::Allowed)).then(|| i18n::catalogue_change(lang))}" "
            <a href=Page::Application(own.id).path() rel="external">{if is_draft { i18n::exams_continue(lang) } else { i18n::catalogue_open(lang) }}</a>
        </p>
    }
}

#[component]
fn Catalogue(data: ExamsData, result: Option<SubmissionResult>) -> impl IntoView {
    let lang = lang();
    let filtered = |name: &str| RwSignal::new(query_value(name).unwrap_or_default());
    let (level, discipline) = (filtered("level"), filtered("discipline"));
    let refused = RwSignal::new(result.and_then(|result| result.problems.first().map(|p| i18n::problem(lang, p.code))));
    let levels = [ExamLevel::Licensed, ExamLevel::Assistant]
        .map(|l| (l.code().to_owned(), i18n::choice_code(lang, "exam_level", l.code()).to_owned()));
    let disciplines = [Discipline::Clinical, Discipline::Dental, Discipline::PublicHealth, Discipline::Chinese]
        .map(|d| (d.code().to_owned(), i18n::choice_code(lang, "discipline", d.code()).to_owned()));
    let own = StoredValue::new(data.applications);
    let open: Vec<(ExamData, Vec<CategoryData>)> = data.exams.into_iter().filter(|(exam, _)| exam.open).collect();
    let none = open.is_empty();
    view! {
        <Summary message=refused />
        <form method="get" action=Page::Catalogue.path() class="filters" role="search">
            <FilterSelect name="level" label=i18n::catalogue_level(lang) options=levels.to_vec() value=level none=i18n::catalogue_any(lang) />
            <FilterSelect name="discipline" label=i18n::catalogue_discipline(lang) options=disciplines.to_vec() value=discipline none=i18n::catalogue_any(lang) />
            <UntilHydrated html=format!("<button>{}</button>", i18n::catalogue_filter(lang)) />
        </form>
        {none.then(|| view! {
            <p class="empty">{i18n::catalogue_none(lang)}</p>
            <p><a class="button" href=Page::Home.path() rel="external">{i18n::catalogue_home(lang)}</a></p>
        }.into_any())}
        {open.into_iter().map(|(exam, categories)| {
            let session = exam.id;
            let standing = own.with_value(|own| of_session(own, session));
            let is_drafted = standing.as_ref().is_some_and(|own| own.status == ApplicationStatus::Draft);
            let taken = standing.as_ref().is_some_and(|own| own.status != ApplicationStatus::Draft);
            let fits = move |c: &CategoryData| {
                let (level, discipline) = (level.get(), discipline.get());
                (level.is_empty() || c.code.level().code() == level) && (discipline.is_empty() || c.code.discipline().code() == discipline)
            };
            let categories = StoredValue::new(categories);
            let shown = Memo::new(move |_| categories.with_value(|all| all.iter().filter(|c| fits(c)).cloned().collect::<Vec<_>>()));
            view! {
                <section class="sheet">
                    <h2>{exam.name}</h2>
                    <p class="note">{dated(&i18n::catalogue_window(lang, i18n::date_range(lang, exam.opens, exam.closes)))}</p>
                    {standing.map(|own| view! { <Standing own /> }.into_any())}
                    <p class="unseen" role="status" aria-live="polite">{move || i18n::catalogue_count(lang, shown.get().len())}</p>
                    {move || shown.get().is_empty().then(|| view! { <p class="empty">{i18n::catalogue_no_match(lang)}</p> }.into_any())}
                    <ul class="cards">
                        {move || shown.get().into_iter().map(|category| {
                            let code = category.code;
                            let apply = move |event: leptos::ev::SubmitEvent| {
                                // The server asks before it changes the category of a draft.
                                if is_drafted {
                                    return;
                                }
                                event.prevent_default();
                                spawn_local(async move {
                                    match begin_application(session, code).await.and_then(Encoded::decode) {
                                        Ok(ApplyResult::Accepted(id)) => navigate_to(&Page::Step(id, Step::Category).path()),
                                        Ok(ApplyResult::Rejected(problems)) => refused.set(problems.first().map(|(_, p)| i18n::problem(lang, p.code))),
                                        Err(error) => refused.set(Some(error.sentence(lang))),
                                    }
                                });
                            };
                            view! {
                                <li class="card">
                                    <div>
                                        <p class="card-title">{category.name.clone()}</p>
                                        <p class="card-facts">
                                            {i18n::catalogue_parts(lang)}" · "
                                            {i18n::catalogue_code(lang, code)}
                                            {(!category.confirmed).then(|| view! { <span>{i18n::catalogue_unconfirmed(lang)}</span> }.into_any())}
                                        </p>
                                    </div>
                                    {(!taken).then(|| view! {
                                        <form method="post" action=Page::Catalogue.path() class="card-actions" on:submit=apply>
                                            <PageField />
                                            <input type="hidden" name="session" value=session.to_string() />
                                            <input type="hidden" name="category" value=code.to_string() />
                                            <button aria-label=i18n::catalogue_apply_named(lang, category.name)>{i18n::catalogue_apply(lang)}</button>
                                        </form>
                                    })}
                                </li>
                            }.into_any()
                        }).collect_view()}
                    </ul>
                </section>
            }.into_any()
        }).collect_view()}
    }
}
