//! Every piece of a page is a value of one type. Leptos gives each element, attribute and closure a type of its own and the
//! browser then fetches the code of some thousand of them; here an element is data, and the code that draws, wakes and
//! changes it exists once. Components, signals, effects, resources and server functions are those of Leptos.
#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
mod html;

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    ev::EventDescriptor,
    prelude::*,
    tachys::{
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Position, PositionState, add_attr::AddAnyAttr, any_view::AnyView},
    },
    wasm_bindgen::JsCast,
};
pub use markup::view;
use std::borrow::Cow;

/// A piece of a page.
pub enum Markup {
    /// Nothing at all.
    Nothing,
    /// Text, escaped wherever it goes.
    Text(Cow<'static, str>),
    /// An element.
    Element(Box<Element>),
    /// Pieces one after another.
    Row(Vec<Markup>),
    /// A piece that is made anew whenever what it was made from changes.
    Live(Box<dyn FnMut() -> Markup + Send>),
    /// The same for a whole page with signals and effects of its own, which go when all that followed them has gone.
    Scene(Box<dyn FnMut() -> Markup + Send>),
    /// Something that Leptos itself draws: a boundary that waits, the router.
    Foreign(Box<AnyView>),
}

/// What an attribute or a property says.
pub enum Value {
    /// It is not there.
    Absent,
    /// It is there and says nothing.
    Present,
    /// Its text.
    Text(Cow<'static, str>),
    /// It follows what it is made from.
    Live(Box<dyn FnMut() -> Value + Send>),
}

impl Value {
    /// What it says now; nothing if it is not there.
    fn now(self) -> Option<Cow<'static, str>> {
        match self {
            Self::Absent => None,
            Self::Present => Some(Cow::Borrowed("")),
            Self::Text(text) => Some(text),
            Self::Live(mut make) => make().now(),
        }
    }
}

enum Part {
    Attribute(&'static str, Value),
    Class(&'static str, Value),
    #[cfg(feature = "hydrate")]
    Property(&'static str, Value),
    #[cfg(feature = "hydrate")]
    Listener(browser::Listener),
}

/// An element.
pub struct Element {
    tag: &'static str,
    parts: Vec<Part>,
    inside: Option<String>,
    children: Vec<Markup>,
}
impl Element {
    /// An element without attributes.
    pub fn new(tag: &'static str) -> Self {
        Self { tag, parts: Vec::new(), inside: None, children: Vec::new() }
    }
    /// Adds an attribute.
    pub fn attribute(&mut self, name: &'static str, value: Value) {
        self.parts.push(Part::Attribute(name, value));
    }
    /// Adds a class that is there while the value is.
    pub fn class(&mut self, name: &'static str, value: Value) {
        self.parts.push(Part::Class(name, value));
    }
    /// Follows a property of the element, which only a browser has.
    pub fn property(&mut self, name: &'static str, value: Value) {
        #[cfg(feature = "hydrate")]
        self.parts.push(Part::Property(name, value));
        #[cfg(not(feature = "hydrate"))]
        let _ = (name, value);
    }
    /// Listens to an event, which only a browser has.
    pub fn on<E: EventDescriptor<EventType: JsCast>>(&mut self, event: E, handler: impl FnMut(E::EventType) + 'static) {
        #[cfg(feature = "hydrate")]
        self.parts.push(Part::Listener(browser::Listener::new(event, handler)));
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, handler);
    }
    /// Fills the element with markup instead of children. Never with anything that a person typed.
    pub fn inner_html(&mut self, html: impl Into<String>) {
        self.inside = Some(html.into());
    }
    /// Adds a child.
    pub fn child(&mut self, child: Markup) {
        self.children.push(child);
    }
    /// The element as a piece of a page.
    pub fn done(self) -> Markup {
        Markup::Element(Box::new(self))
    }
}

/// Pieces one after another.
pub fn row(pieces: Vec<Markup>) -> Markup {
    Markup::Row(pieces)
}

/// A piece that is there while a condition holds. It is made anew only when the condition changes.
pub fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    mut piece: impl FnMut() -> Markup + Send + 'static,
) -> Markup {
    let holds = Memo::new(move |_| condition());
    Markup::Live(Box::new(move || if holds.get() { untrack(&mut piece) } else { Markup::Nothing }))
}

/// A whole page that gives way to another.
pub fn scene(page: impl FnMut() -> Markup + Send + 'static) -> Markup {
    Markup::Scene(Box::new(page))
}

/// Something that Leptos draws, as a piece.
pub fn foreign(view: impl IntoAny) -> Markup {
    Markup::Foreign(Box::new(view.into_any()))
}

/// What can be a piece of a page.
pub trait IntoMarkup {
    /// Makes the piece.
    fn into_markup(self) -> Markup;
}
impl IntoMarkup for Markup {
    fn into_markup(self) -> Markup {
        self
    }
}
impl IntoMarkup for () {
    fn into_markup(self) -> Markup {
        Markup::Nothing
    }
}
impl IntoMarkup for &'static str {
    fn into_markup(self) -> Markup {
        if self.is_empty() { Markup::Nothing } else { Markup::Text(Cow::Borrowed(self)) }
    }
}
impl IntoMarkup for String {
    fn into_markup(self) -> Markup {
        if self.is_empty() { Markup::Nothing } else { Markup::Text(Cow::Owned(self)) }
    }
}
impl IntoMarkup for usize {
    fn into_markup(self) -> Markup {
        Markup::Text(Cow::Owned(self.to_string()))
    }
}
impl<T: IntoMarkup> IntoMarkup for Option<T> {
    fn into_markup(self) -> Markup {
        self.map_or(Markup::Nothing, T::into_markup)
    }
}
impl<T: IntoMarkup> IntoMarkup for Vec<T> {
    fn into_markup(self) -> Markup {
        Markup::Row(self.into_iter().map(T::into_markup).collect())
    }
}
impl<F: FnMut() -> T + Send + 'static, T: IntoMarkup> IntoMarkup for F {
    fn into_markup(mut self) -> Markup {
        Markup::Live(Box::new(move || self().into_markup()))
    }
}

/// Collects pieces.
pub trait Pieces {
    /// The pieces one after another.
    fn pieces(self) -> Markup;
}
impl<I: Iterator<Item = Markup>> Pieces for I {
    fn pieces(self) -> Markup {
        Markup::Row(self.collect())
    }
}

/// What can be the value of an attribute.
pub trait IntoValue {
    /// Makes the value.
    fn into_value(self) -> Value;
}
impl IntoValue for bool {
    fn into_value(self) -> Value {
        if self { Value::Present } else { Value::Absent }
    }
}
impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Value::Text(Cow::Borrowed(self))
    }
}
impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(Cow::Owned(self))
    }
}
impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }
}
impl<F: FnMut() -> T + Send + 'static, T: IntoValue> IntoValue for F {
    fn into_value(mut self) -> Value {
        Value::Live(Box::new(move || self().into_value()))
    }
}

/// An attribute handed to a component from outside has nowhere to go: every component here says what it takes.
impl AddAnyAttr for Markup {
    type Output<A: Attribute> = Self;
    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}

impl Render for Markup {
    #[cfg(feature = "hydrate")]
    type State = browser::State;
    #[cfg(not(feature = "hydrate"))]
    type State = <() as Render>::State;

    fn build(self) -> Self::State {
        #[cfg(feature = "hydrate")]
        return browser::State::build(self);
        #[cfg(not(feature = "hydrate"))]
        Render::build(())
    }
    fn rebuild(self, state: &mut Self::State) {
        #[cfg(feature = "hydrate")]
        state.rebuild(self);
        #[cfg(not(feature = "hydrate"))]
        Render::rebuild((), state);
    }
}

impl RenderHtml for Markup {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {
        #[cfg(feature = "ssr")]
        html::look_over(self);
    }
    async fn resolve(self) -> Self {
        #[cfg(feature = "ssr")]
        return html::resolve(self).await;
        #[cfg(not(feature = "ssr"))]
        self
    }
    fn to_html_with_buf(
        self,
        out: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        #[cfg(feature = "ssr")]
        html::write(self, &mut html::Out::Whole(out), position);
        #[cfg(not(feature = "ssr"))]
        let _ = (out, position);
        let _ = (escape, mark_branches, attributes);
    }
    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        out: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        #[cfg(feature = "ssr")]
        html::write(self, &mut html::Out::Stream(out, OUT_OF_ORDER), position);
        #[cfg(not(feature = "ssr"))]
        let _ = (out, position);
        let _ = (escape, mark_branches, attributes);
    }
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        #[cfg(feature = "hydrate")]
        return browser::State::hydrate(self, cursor, position);
        #[cfg(not(feature = "hydrate"))]
        <() as RenderHtml>::hydrate::<FROM_SERVER>((), cursor, position)
    }
    fn into_owned(self) -> Self {
        self
    }
}
