//! Pages, components and server functions. A table of contents:
//!
//! - `text`, `lang`: every sentence, in two languages
//! - `routes`: typed paths
//! - `markup`: the one type of which every page is made
//! - `parts`: what of it the browser fetches when it is first needed
//! - `components`: fields, forms, the frame around a page
//! - `account`, `profile`, `apply`, `enrolments`, `desk`: the features, each with its pages and its `api`
//! - `spa`: the part that wakes in the browser
//! - `naming` (server only): names that the lists lack, where they are missed and what became of them
//! - `pairs` (server only): what an address or a form says
//! - `public` (server only): pages that need no script at all
//! - `door` (server only): the access table, the router built from it, headers, form posts, photos, look-ups
#![recursion_limit = "512"]
#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` runs on the server and `hydrate` in the browser: build one at a time");
#[cfg(all(feature = "dev", not(debug_assertions)))]
compile_error!("`dev` is for `make dev` only, never for a release");

pub mod account;
pub mod apply;
pub mod components;
pub mod desk;
#[cfg(feature = "ssr")]
pub mod door;
pub mod enrolments;
pub mod error;
pub mod lang;
pub mod markup;
#[cfg(feature = "ssr")]
pub mod naming;
#[cfg(feature = "ssr")]
pub mod pairs;
pub mod parts;
pub mod profile;
#[cfg(feature = "ssr")]
pub mod public;
pub mod routes;
pub mod spa;
pub mod text;
pub mod wire;
