//! The route table: what the features list, the pages that the application renders, and the files of the built site.
use super::{files, health};
use crate::{
    account, admin, applications,
    error::AppError,
    name_requests, profile,
    request::{Handler, Reply, RequestContext, Route, SaveDraft, ShowAgain, boxed},
    review,
    routes::{Access, Chunk, PageKind},
    site,
};
use axum::{extract::Request, http::Method};
use std::sync::LazyLock;

/// Files and answers about the server itself.
const SERVER: &[Route] = &[
    file("/pkg/{*file}", boxed!(files::package)),
    file("/favicon.svg", boxed!(files::favicon)),
    file("/prefetch.js", boxed!(files::prefetch)),
    file("/print.js", boxed!(files::print)),
    Route::new(Method::GET, "/healthz", Access::Static, boxed!(health::live)),
    Route::new(Method::GET, "/readyz", Access::Static, boxed!(health::ready)),
];

const fn file(path: &'static str, handler: Handler) -> Route {
    Route::new(Method::GET, path, Access::Static, handler)
}

/// Every route.
pub static ROUTES: LazyLock<Vec<&'static Route>> = LazyLock::new(|| {
    let features = [
        site::ROUTES,
        account::handlers::ROUTES,
        name_requests::handlers::ROUTES,
        name_requests::picker::ROUTES,
        profile::handlers::ROUTES,
        applications::handlers::ROUTES,
        review::handlers::ROUTES,
        SERVER,
    ];
    let listed = features.into_iter().chain(admin::ROUTES.iter().copied()).flatten();
    listed.chain(HYDRATED.iter()).collect()
});

/// The pages that the application renders. They need no handler of their own.
static HYDRATED: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let has_own = |kind: &PageKind| matches!(kind, PageKind::Entry | PageKind::ApplicationEntry);
    let pages = PageKind::ALL.iter().filter(|kind| kind.describe().chunk != Chunk::None && !has_own(kind));
    pages.map(|kind| Route::page(*kind, boxed!(hydrated))).collect()
});

async fn hydrated(_: RequestContext, request: Request) -> Result<Reply, AppError> {
    Ok(Reply::hydrated(request.uri().clone()))
}

fn form_of(kind: PageKind) -> Option<&'static Route> {
    ROUTES.iter().copied().find(|route| route.method == Method::POST && route.path == kind.pattern())
}
/// How a form posted to a page is saved as a draft.
pub(super) fn save_draft(kind: PageKind) -> Option<SaveDraft> {
    form_of(kind)?.save_draft
}
/// How a form posted to a page, which has no draft, is shown again.
pub(super) fn show_again(kind: PageKind) -> Option<ShowAgain> {
    form_of(kind)?.show_again
}
