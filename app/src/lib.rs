//! Pages, components and server functions, one folder a feature. Imports run down only (`tests/layers.rs` holds it):
//!
//! - `router` (server only): routes, access, dispatch, rendering; `app`: the document and which page a path shows
//! - `site`, `admin`; `review`; `applications`; `profile`; `account`, `name_requests`: the features
//! - `components`: fields, forms, layout; `server_functions`, `request`, `http`, `pdf` (server only): what a request is and
//!   what a handler answers
//! - `browser`, `transport`, `error`, `codec`, `routes`, `i18n`, `lang`: what everything else uses
#![recursion_limit = "512"]
#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` runs on the server and `hydrate` in the browser: build one at a time");
#[cfg(all(feature = "dev", not(debug_assertions)))]
compile_error!("`dev` is for `make dev` only, never for a release");

pub mod account;
#[cfg(feature = "ssr")]
mod admin;
pub mod app;
pub mod applications;
pub mod browser;
pub mod codec;
pub mod components;
pub mod error;
#[cfg(feature = "ssr")]
pub mod http;
pub mod i18n;
pub mod lang;
#[cfg(feature = "ssr")]
pub mod name_requests;
#[cfg(feature = "ssr")]
pub mod pdf;
pub mod profile;
#[cfg(feature = "ssr")]
pub mod request;
pub mod review;
#[cfg(feature = "ssr")]
pub mod router;
pub mod routes;
#[cfg(feature = "ssr")]
mod server_functions;
#[cfg(feature = "ssr")]
mod site;
pub mod transport;
