//! Pieces in the browser: built anew, or woken where the server's HTML stands already.
use super::{Element, Markup, Part, Value};
use leptos::{
    ev::EventDescriptor,
    prelude::*,
    reactive::effect::RenderEffect,
    tachys::{
        hydration::Cursor,
        reactive_graph::RenderEffectState,
        view::{Mountable, Position, PositionState, any_view::AnyViewState},
    },
};
use send_wrapper::SendWrapper;
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Comment, Node, Text};

/// A listener before it is attached. There is one thread in a browser, which the wrapper tells the compiler.
pub(super) struct Listener {
    event: Cow<'static, str>,
    handler: SendWrapper<Box<dyn FnMut(web_sys::Event)>>,
}
impl Listener {
    pub(super) fn new<E: EventDescriptor<EventType: JsCast>>(
        event: E,
        mut handler: impl FnMut(E::EventType) + 'static,
    ) -> Self {
        let handler: Box<dyn FnMut(web_sys::Event)> =
            Box::new(move |event| handler(JsValue::from(event).unchecked_into()));
        Self { event: event.name(), handler: SendWrapper::new(handler) }
    }
}

/// A piece in the document.
pub enum State {
    Nothing,
    Text(Text),
    Element(web_sys::Element, Keep, Vec<State>),
    Row(Vec<State>),
    Live(RenderEffectState<Region>),
    Foreign(Box<AnyViewState>),
}

/// What an element needs to live: effects that follow values, and the functions that its listeners call.
pub struct Keep {
    _effects: Vec<RenderEffect<Option<Cow<'static, str>>>>,
    _listeners: Vec<Closure<dyn FnMut(web_sys::Event)>>,
}

/// A piece that changes, and the comment that marks its end.
pub struct Region {
    piece: State,
    end: Comment,
    owner: Option<Owner>,
}

impl State {
    pub(super) fn build(piece: Markup) -> Self {
        match piece {
            Markup::Nothing => State::Nothing,
            Markup::Text(text) => State::Text(document().create_text_node(&text)),
            Markup::Element(element) => {
                let Element { tag, parts, inside, children } = *element;
                let node = created(document().create_element(tag));
                let keep = attach(&node, parts);
                let mut children: Vec<State> = children.into_iter().map(State::build).collect();
                match inside {
                    Some(html) => node.set_inner_html(&html),
                    None => children.iter_mut().for_each(|child| child.mount(&node, None)),
                }
                State::Element(node, keep, children)
            }
            Markup::Row(pieces) => State::Row(pieces.into_iter().map(State::build).collect()),
            Markup::Live(make) => State::Live(live(make, None, None)),
            Markup::Scene(make) => State::Live(live(make, None, Owner::current())),
            Markup::Foreign(view) => State::Foreign(Box::new(view.build())),
        }
    }

    /// Finds what the server wrote; see `html::write` for the order.
    pub(super) fn hydrate(piece: Markup, cursor: &Cursor, position: &PositionState) -> Self {
        match piece {
            Markup::Nothing => State::Nothing,
            Markup::Text(_) => {
                step(cursor, position);
                if position.get() == Position::NextChildAfterText {
                    cursor.sibling();
                }
                position.set(Position::NextChildAfterText);
                State::Text(found(cursor.current().dyn_into()))
            }
            Markup::Element(element) => {
                let Element { parts, inside, children, .. } = *element;
                step(cursor, position);
                let node: web_sys::Element = found(cursor.current().dyn_into());
                let keep = attach(&node, parts);
                let children = match inside {
                    Some(_) => Vec::new(),
                    None => {
                        position.set(Position::FirstChild);
                        children.into_iter().map(|child| State::hydrate(child, cursor, position)).collect()
                    }
                };
                cursor.set(node.clone().into());
                position.set(Position::NextChild);
                State::Element(node, keep, children)
            }
            Markup::Row(pieces) => {
                State::Row(pieces.into_iter().map(|piece| State::hydrate(piece, cursor, position)).collect())
            }
            Markup::Live(make) => State::Live(live(make, Some((cursor, position)), None)),
            Markup::Scene(make) => State::Live(live(make, Some((cursor, position)), Owner::current())),
            Markup::Foreign(view) => State::Foreign(Box::new(view.hydrate::<true>(cursor, position))),
        }
    }

    /// Puts another piece in the place of this one. Text changes in place, since it changes most.
    pub(super) fn rebuild(&mut self, piece: Markup) {
        if let (State::Text(node), Markup::Text(text)) = (&*self, &piece) {
            node.set_data(text);
            return;
        }
        let mut new = State::build(piece);
        self.insert_before_this(&mut new);
        self.unmount();
        *self = new;
    }
}

impl Mountable for State {
    fn unmount(&mut self) {
        match self {
            State::Nothing => {}
            State::Text(node) => remove(node),
            State::Element(node, ..) => node.remove(),
            State::Row(pieces) => pieces.iter_mut().for_each(State::unmount),
            State::Live(effect) => effect.unmount(),
            State::Foreign(view) => view.unmount(),
        }
    }
    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&Node>) {
        match self {
            State::Nothing => {}
            State::Text(node) => insert(parent, node, marker),
            State::Element(node, ..) => insert(parent, node, marker),
            State::Row(pieces) => pieces.iter_mut().for_each(|piece| piece.mount(parent, marker)),
            State::Live(effect) => effect.mount(parent, marker),
            State::Foreign(view) => view.mount(parent, marker),
        }
    }
    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self {
            State::Nothing => false,
            State::Text(node) => before(node, child),
            State::Element(node, ..) => before(node, child),
            State::Row(pieces) => pieces.iter().any(|piece| piece.insert_before_this(child)),
            State::Live(effect) => effect.insert_before_this(child),
            State::Foreign(view) => view.insert_before_this(child),
        }
    }
    fn elements(&self) -> Vec<web_sys::Element> {
        Vec::new()
    }
}

impl Mountable for Region {
    fn unmount(&mut self) {
        self.piece.unmount();
        remove(&self.end);
    }
    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&Node>) {
        self.piece.mount(parent, marker);
        insert(parent, &self.end, marker);
    }
    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.piece.insert_before_this(child) || before(&self.end, child)
    }
    fn elements(&self) -> Vec<web_sys::Element> {
        Vec::new()
    }
}

/// Follows a piece. What was made first is woken if the server wrote it; everything later is built before the end. The state
/// lets go of the piece when it is dropped; the effect alone would keep it, and all that follows signals in it, alive.
///
/// What belongs to a scene belongs to an owner of its own below `above`. When the next scene comes, effects of the last one
/// may be waiting to run already; it goes after them, or they would find their signals gone.
fn live(
    mut make: Box<dyn FnMut() -> Markup + Send>,
    at: Option<(&Cursor, &PositionState)>,
    above: Option<Owner>,
) -> RenderEffectState<Region> {
    let at = at.map(|(cursor, position)| (cursor.clone(), position.clone()));
    RenderEffect::new(move |region: Option<Region>| {
        let owner = above.as_ref().map(Owner::child);
        let within = || follow_piece(&mut make, region, at.as_ref());
        let (mut region, old) = match &owner {
            Some(owner) => owner.with(within),
            None => within(),
        };
        let before = std::mem::replace(&mut region.owner, owner);
        if before.is_some() {
            leptos::task::spawn_local(async move { drop((old, before)) });
        }
        region
    })
    .into()
}

/// Makes the piece and puts it in the place of the last one, which is given back.
fn follow_piece(
    make: &mut Box<dyn FnMut() -> Markup + Send>,
    region: Option<Region>,
    at: Option<&(Cursor, PositionState)>,
) -> (Region, State) {
    let piece = make();
    match (region, at) {
        (Some(mut region), _) => {
            if let (State::Text(node), Markup::Text(text)) = (&region.piece, &piece) {
                node.set_data(text);
                return (region, State::Nothing);
            }
            region.piece.unmount();
            let old = std::mem::replace(&mut region.piece, State::build(piece));
            if let Some(parent) = region.end.parent_element() {
                region.piece.mount(&parent, Some(&region.end));
            }
            (region, old)
        }
        (None, Some((cursor, position))) => {
            let piece = State::hydrate(piece, cursor, position);
            (Region { piece, end: cursor.next_placeholder(position), owner: None }, State::Nothing)
        }
        (None, None) => {
            let end = document().create_comment("");
            (Region { piece: State::build(piece), end, owner: None }, State::Nothing)
        }
    }
}

/// Gives an element its attributes, properties and listeners.
fn attach(node: &web_sys::Element, parts: Vec<Part>) -> Keep {
    let (mut effects, mut listeners) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Attribute(name, value) => follow(&mut effects, node, name, value, say_attribute),
            Part::Class(name, value) => follow(&mut effects, node, name, value, say_class),
            Part::Property(name, value) => follow(&mut effects, node, name, value, say_property),
            Part::Listener(Listener { event, handler }) => {
                let call = Closure::wrap(handler.take());
                let _ = node.add_event_listener_with_callback(&event, call.as_ref().unchecked_ref());
                listeners.push(call);
            }
        }
    }
    Keep { _effects: effects, _listeners: listeners }
}

type Say = fn(&web_sys::Element, &'static str, Option<&str>);

fn follow(
    effects: &mut Vec<RenderEffect<Option<Cow<'static, str>>>>,
    node: &web_sys::Element,
    name: &'static str,
    value: Value,
    say: Say,
) {
    match value {
        Value::Live(mut make) => {
            let node = node.clone();
            effects.push(RenderEffect::new(move |before: Option<Option<Cow<'static, str>>>| {
                let now = make().now();
                if before.as_ref() != Some(&now) {
                    say(&node, name, now.as_deref());
                }
                now
            }));
        }
        value => say(node, name, value.now().as_deref()),
    }
}

fn say_attribute(node: &web_sys::Element, name: &'static str, text: Option<&str>) {
    match text {
        // Setting what is there already would cost the browser a pass over the page for each attribute that it woke.
        Some(text) if node.get_attribute(name).as_deref() != Some(text) => {
            let _ = node.set_attribute(name, text);
        }
        Some(_) => {}
        None => {
            let _ = node.remove_attribute(name);
        }
    }
    // Once a person has chosen, the attribute no longer decides what a list shows.
    if name == "selected" {
        say_property(node, name, text);
    }
}

fn say_class(node: &web_sys::Element, name: &'static str, text: Option<&str>) {
    let _ = node.class_list().toggle_with_force(name, text.is_some());
}

/// The properties that are followed are texts (`value`) or switches (`checked`, `selected`).
fn say_property(node: &web_sys::Element, name: &'static str, text: Option<&str>) {
    let value =
        if name == "value" { JsValue::from_str(text.unwrap_or_default()) } else { JsValue::from_bool(text.is_some()) };
    let name = JsValue::from_str(name);
    // Setting a text that stands there already would move the cursor in it.
    if js_sys::Reflect::get(node, &name).ok().as_ref() != Some(&value) {
        let _ = js_sys::Reflect::set(node, &name, &value);
    }
}

/// To where the next piece stands.
fn step(cursor: &Cursor, position: &PositionState) {
    match position.get() {
        Position::FirstChild => cursor.child(),
        Position::Current => {}
        _ => cursor.sibling(),
    }
}

fn insert(parent: &web_sys::Element, node: &Node, marker: Option<&Node>) {
    let _ = parent.insert_before(node, marker);
}

fn before(node: &Node, child: &mut dyn Mountable) -> bool {
    node.parent_element().is_some_and(|parent| {
        child.mount(&parent, Some(node));
        true
    })
}

fn remove(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

/// The page in the document is not the page that this module draws: another release, or a fault of ours. It cannot be woken,
/// and stays usable as it is, since every page works without script.
fn found<T>(node: Result<T, Node>) -> T {
    node.unwrap_or_else(|node| wasm_bindgen::throw_str(&format!("the page is not as expected at {}", node.node_name())))
}

fn created(element: Result<web_sys::Element, JsValue>) -> web_sys::Element {
    element.unwrap_or_else(|error| wasm_bindgen::throw_val(error))
}
