//! `view!` reads the same HTML in Rust as the macro of Leptos and makes values of one type of it (`app::markup::Markup`)
//! instead of a type for every element, attribute and closure: that is two fifths of what the browser has to fetch.
//!
//! Elements take `name=value`, `name` alone, `on:event=handler`, `prop:name=value`, `class:name=condition` and
//! `inner_html=text`; a value may be a closure, which is then followed. Components are those of Leptos (`#[component]`) that
//! return `Markup`; what stands between their tags is handed over as `children: Markup`.
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement, NodeName};
use syn::{Ident, LitStr, spanned::Spanned};

/// Elements that have no inside (HTML Standard, 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// HTML in Rust; gives an `app::markup::Markup`.
#[proc_macro]
pub fn view(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let config = rstml::ParserConfig::default().always_self_closed_elements(VOID.into());
    let (nodes, errors) = rstml::Parser::new(config).parse_recoverable(TokenStream::from(input)).split_vec();
    let errors = errors.into_iter().map(|error| error.emit_as_expr_tokens());
    let body = pieces(&nodes);
    quote! {{ #(#errors;)* #body }}.into()
}

/// One piece as it is, several as a row of pieces.
fn pieces(nodes: &[Node]) -> TokenStream {
    let mut pieces: Vec<TokenStream> = nodes.iter().filter_map(piece).collect();
    match pieces.len() {
        1 => pieces.remove(0),
        _ => quote! { crate::markup::row(::std::vec![#(#pieces),*]) },
    }
}

fn piece(node: &Node) -> Option<TokenStream> {
    Some(match node {
        Node::Comment(_) => return None,
        Node::Doctype(doctype) => error(doctype.span(), "the shell writes the doctype"),
        Node::Fragment(fragment) => pieces(&fragment.children),
        Node::Text(text) => {
            let text = &text.value;
            quote! { crate::markup::IntoMarkup::into_markup(#text) }
        }
        Node::RawText(text) => error(text.span(), "text stands in quotes"),
        Node::Block(NodeBlock::ValidBlock(block)) => {
            // Braces around one expression are the macro's, not the program's.
            let inside = match block.stmts.as_slice() {
                [syn::Stmt::Expr(expression, None)] => quote! { #expression },
                _ => quote! { #block },
            };
            quote_spanned! { block.span() => crate::markup::IntoMarkup::into_markup(#inside) }
        }
        Node::Block(NodeBlock::Invalid(block)) => error(block.span(), "this is not an expression"),
        Node::Element(element) => match element.name() {
            NodeName::Path(path) if path.path.segments.last().is_some_and(|s| is_component(&s.ident)) => {
                component(element, path)
            }
            name => tag(element, name),
        },
        Node::Custom(_) => return None,
    })
}

fn is_component(name: &Ident) -> bool {
    name.to_string().starts_with(|c: char| c.is_ascii_uppercase())
}

fn error(span: Span, message: &str) -> TokenStream {
    syn::Error::new(span, message).into_compile_error()
}

fn component(element: &NodeElement<rstml::Infallible>, path: &syn::ExprPath) -> TokenStream {
    let props = element.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => {
            let name = Ident::new(&attribute.key.to_string(), attribute.key.span());
            let value = match attribute.value() {
                Some(value) => value_of(value),
                None => quote! { #name },
            };
            quote_spanned! { attribute.span() => .#name(#value) }
        }
        NodeAttribute::Block(block) => error(block.span(), "a component takes its properties by name"),
    });
    let children = (!element.children.is_empty()).then(|| {
        let inside = pieces(&element.children);
        quote! { .children(#inside) }
    });
    quote_spanned! { path.span() =>
        crate::markup::IntoMarkup::into_markup(::leptos::component::component_view(
            #path,
            ::leptos::component::component_props_builder(&#path)#(#props)*#children.build(),
        ))
    }
}

fn tag(element: &NodeElement<rstml::Infallible>, name: &NodeName) -> TokenStream {
    let tag = name.to_string();
    let parts = element.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => part(attribute),
        NodeAttribute::Block(block) => error(block.span(), "an element takes its attributes by name"),
    });
    let children = element.children.iter().filter_map(piece);
    quote_spanned! { name.span() => {
        let mut element = crate::markup::Element::new(#tag);
        #(#parts;)*
        #(element.child(#children);)*
        element.done()
    }}
}

fn part(attribute: &KeyedAttribute) -> TokenStream {
    let key = attribute.key.to_string();
    let key = key.strip_prefix("r#").unwrap_or(&key);
    let span = attribute.key.span();
    let value = match attribute.value() {
        Some(value) => value_of(value),
        None => quote! { "" },
    };
    let lit = |name: &str| LitStr::new(name, span);
    match key.split_once(':') {
        Some(("on", event)) => {
            let event = format_ident!("{event}", span = span);
            quote_spanned! { span => element.on(::leptos::ev::#event, #value) }
        }
        Some(("prop", name)) => {
            let name = lit(name);
            quote_spanned! { span => element.property(#name, crate::markup::IntoValue::into_value(#value)) }
        }
        Some(("class", name)) => {
            let name = lit(name);
            quote_spanned! { span => element.class(#name, crate::markup::IntoValue::into_value(#value)) }
        }
        Some(_) => error(span, "unknown kind of attribute"),
        None if key == "inner_html" => quote_spanned! { span => element.inner_html(#value) },
        None => {
            let name = lit(key);
            quote_spanned! { span => element.attribute(#name, crate::markup::IntoValue::into_value(#value)) }
        }
    }
}

/// The value of an attribute, without the braces that the markup asks for.
fn value_of(value: &syn::Expr) -> TokenStream {
    match value {
        syn::Expr::Block(block) if block.label.is_none() => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(expression, None)] => quote! { #expression },
            _ => quote! { #value },
        },
        _ => quote! { #value },
    }
}
