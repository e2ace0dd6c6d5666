//! Who may come in where. Every way has a row; the router has no other source.
use super::{Visitor, lookup, naming, photos, posts, server_function};
use crate::public;
use axum::{extract::Request, http::Method, response::Response};
use std::{future::Future, pin::Pin};

/// Who may use a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, and the answer is the same for all: nobody is looked up.
    Everybody,
    /// Anybody; who is logged in sees so.
    Anyone,
    /// Anybody, but only so often from one address: what costs much and asks for no account.
    Counted,
    /// A candidate who is logged in; what is not theirs does not exist for them.
    Candidate,
    /// Somebody of the staff; what is not their office's does not exist for them.
    Staff,
}

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A way in.
pub struct Row {
    /// GET or POST. State never changes on GET.
    pub method: Method,
    /// Its path, in the router's spelling.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    /// What answers.
    pub(super) handler: fn(Visitor, Request) -> Answer,
}

macro_rules! table {
    ($($method:ident $path:literal $who:ident $handler:path),* $(,)?) => {
        &[$(Row { method: Method::$method, path: $path, who: Who::$who, handler: |visitor, request| Box::pin($handler(visitor, request)) }),*]
    };
}

/// Every way in.
pub const TABLE: &[Row] = table![
    GET "/" Anyone public::home,
    GET "/notices/{id}" Anyone public::notice,
    GET "/login" Anyone public::login,
    POST "/login" Counted posts::login,
    POST "/logout" Anyone posts::logout,
    POST "/language" Anyone posts::language,
    GET "/register" Anyone posts::draw,
    POST "/register" Counted posts::register,
    GET "/profile/{group}" Candidate posts::draw,
    POST "/profile/{group}" Candidate posts::group,
    GET "/profile/{group}/{entry}" Candidate posts::draw,
    POST "/profile/{group}/{entry}" Candidate posts::entry,
    GET "/security" Candidate public::security,
    POST "/security" Candidate posts::security,
    GET "/names" Candidate public::names,
    POST "/names" Candidate naming::names,
    POST "/photos" Candidate photos::upload,
    GET "/photos/{id}" Candidate photos::show,
    GET "/exams" Candidate posts::draw,
    GET "/exams/catalogue" Candidate posts::draw,
    POST "/exams/catalogue" Candidate posts::begin,
    GET "/applications/{id}" Candidate public::application,
    POST "/applications/{id}/discard" Candidate posts::discard,
    GET "/applications/{id}/slip" Candidate public::slip,
    GET "/applications/{id}/{step}" Candidate posts::draw,
    POST "/applications/{id}/{step}" Candidate posts::step,
    GET "/applications/{id}/form" Candidate public::form,
    GET "/verify" Anyone public::verify,
    GET "/verify/{code}" Anyone public::verify,
    GET "/admin/login" Anyone public::staff_login,
    POST "/admin/login" Counted posts::staff_login,
    POST "/admin/logout" Staff posts::staff_logout,
    GET "/admin" Staff posts::draw,
    POST "/admin" Staff posts::desk,
    GET "/admin/review/{id}" Staff posts::draw,
    POST "/admin/review/{id}" Staff posts::deed,
    GET "/admin/review/{id}/photo" Staff photos::of_record,
    GET "/admin/review/{id}/form" Staff public::record_form,
    GET "/admin/dictionary" Staff public::missing,
    POST "/admin/dictionary" Staff naming::answer,
    GET "/admin/dictionary/{id}/evidence" Staff public::evidence,
    POST "/api/basis" Anyone server_function,
    POST "/api/username-is-free" Counted server_function,
    POST "/api/register" Counted server_function,
    POST "/api/profile" Candidate server_function,
    POST "/api/save-group" Candidate server_function,
    POST "/api/save-entry" Candidate server_function,
    POST "/api/exams" Candidate server_function,
    POST "/api/wizard" Candidate server_function,
    POST "/api/begin" Candidate server_function,
    POST "/api/save-step" Candidate server_function,
    POST "/api/submit" Candidate server_function,
    POST "/api/desk-queue" Staff server_function,
    POST "/api/desk-record" Staff server_function,
    POST "/api/desk-deed" Staff server_function,
    POST "/api/desk-next" Staff server_function,
    GET "/api/dictionary/{kind}" Everybody lookup::names,
    GET "/api/dictionary/{kind}/all" Everybody lookup::all,
    GET "/pkg/{*file}" Everybody super::assets::package,
    GET "/favicon.svg" Everybody super::assets::favicon,
    GET "/near.js" Everybody super::assets::near,
    GET "/print.js" Everybody super::assets::print,
    GET "/healthz" Everybody lookup::healthy,
    GET "/readyz" Everybody lookup::ready,
];
