//! A list short enough to be held by a browser, which then looks through it at each key without asking anybody.
use super::{
    Dictionary, DictionaryKind,
    memory::{About, READINGS, Shelf},
};
use flate2::{Compression, write::GzEncoder};
use names::{Region, Texts, full_list};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt::Write as _, io::Write, sync::Arc};

/// The most names, former ones included, of a list that is handed out whole: some 100 KB when packed.
pub const LONGEST_WHOLE: usize = 4_000;

/// A list as it is handed out, in the lines of [`full_list`].
pub struct WholeList {
    /// Another one for another content; it is the first line as well.
    pub tag: String,
    /// The lines.
    pub plain: Vec<u8>,
    /// The same in gzip (RFC 1952).
    pub packed: Vec<u8>,
}

impl Dictionary {
    /// The whole list of a kind; none where it is too long to be handed out. Made once for each change of the list.
    pub fn whole(&self, kind: DictionaryKind) -> Option<Arc<WholeList>> {
        let shelf = self.shelf(kind);
        shelf.whole.get_or_init(|| WholeList::of(&shelf).map(Arc::new)).clone()
    }
}

impl WholeList {
    fn of(shelf: &Shelf) -> Option<Self> {
        let (base, recent) = (&shelf.base, shelf.recent.as_deref());
        let texts = base.index.texts().len() + recent.map_or(0, |recent| recent.list.texts().len());
        if texts > LONGEST_WHOLE {
            return None;
        }
        let hidden = |entry: u32| recent.is_some_and(|recent| recent.hidden.contains(&entry));
        let mut all = entries(base.index.texts(), &base.about, hidden);
        if let Some(recent) = recent {
            all.extend(entries(recent.list.texts(), &recent.about, |_| false));
        }
        all.sort();
        let digest = Sha256::digest(full_list::write("", &all, &READINGS));
        let tag = digest.iter().take(8).fold(String::new(), |mut tag, byte| {
            // Writing to a text cannot fail.
            let _ = write!(tag, "{byte:02x}");
            tag
        });
        let plain = full_list::write(&tag, &all, &READINGS).into_bytes();
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&plain).ok()?;
        Some(Self { tag, packed: packed.finish().ok()?, plain })
    }
}

/// The entries that texts belong to.
fn entries(texts: &Texts, about: &About, hidden: impl Fn(u32) -> bool) -> Vec<full_list::Entry> {
    let mut all: BTreeMap<u32, full_list::Entry> = BTreeMap::new();
    for text in (0..texts.len() as u32).map(|text| texts.full_match(text)).filter(|text| !hidden(text.entry)) {
        let Some(id) = about.ids.get(text.entry as usize) else { continue };
        let entry = all.entry(text.entry).or_insert_with(|| full_list::Entry {
            id: id.to_string(),
            region: if text.region == Region::default() { String::new() } else { format!("{:02}", text.region.0) },
            weight: text.weight,
            includes: about.includes.get(&text.entry).cloned().unwrap_or_default(),
            ..full_list::Entry::default()
        });
        if text.former { entry.former_names.push(text.name) } else { entry.name = text.name }
    }
    all.into_values().collect()
}
