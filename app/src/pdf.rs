//! Papers in PDF: A4, text that can be selected, tables and lines to write on. A [`Sheet`] is put together from above; what does
//! not fit begins a new page.
use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    page::PageSettings,
    paint::Stroke,
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use skrifa::{
    FontRef, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
    raw::FileRef,
    string::StringId,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);
/// Left and right.
const MARGIN: f32 = 51.0;
/// Where the text of a page begins and ends.
const TOP: f32 = 48.0;
const BOTTOM: f32 = 794.0;
/// The space between the text and the border of a cell.
const PADDING: f32 = 5.0;
/// Height of a line, by the size of its letters.
const LEADING: f32 = 1.45;
/// Characters that do not begin a line.
const CLOSING: &str = "，。；：、！？）》」』”’…";

/// Where Debian puts fonts with the characters of simplified Chinese, the preferred one first.
const FONTS: [&str; 5] = [
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
];

/// A font file that papers can be written with. It is read when a paper is written: the file has twenty megabytes, of which the
/// system keeps what is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfFont {
    path: Arc<Path>,
    /// The face within a collection.
    face: u32,
}
impl PdfFont {
    /// The font of a file.
    ///
    /// # Errors
    /// If it cannot be read, or has no Chinese characters.
    pub fn read(path: PathBuf) -> io::Result<Self> {
        let unfit = || io::Error::new(io::ErrorKind::InvalidData, "no font with Chinese characters");
        let data = fs::read(&path)?;
        let face = chinese_face(&data).ok_or_else(unfit)?;
        Ok(Self { path: path.into(), face })
    }
    /// The first of those that Debian installs, if there is one.
    pub fn installed() -> Option<Self> {
        FONTS.into_iter().find_map(|path| Self::read(path.into()).ok())
    }
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The face of simplified Chinese in a file, or else the first that has its characters.
fn chinese_face(data: &[u8]) -> Option<u32> {
    let count = match FileRef::new(data).ok()? {
        FileRef::Font(_) => 1,
        FileRef::Collection(collection) => collection.len(),
    };
    let faces: Vec<(u32, String)> = (0..count)
        .filter_map(|index| {
            let font = FontRef::from_index(data, index).ok()?;
            font.charmap().map('医')?;
            Some((index, font.localized_strings(StringId::FAMILY_NAME).english_or_first()?.to_string()))
        })
        .collect();
    faces.iter().find(|(_, name)| name.ends_with(" SC")).or(faces.first()).map(|(index, _)| *index)
}

/// What stands on a page. Places are points from the upper left corner; a text stands on its y.
enum Mark {
    Text { x: f32, y: f32, size: f32, text: String },
    Line { from: (f32, f32), to: (f32, f32) },
}

/// A paper that is being put together.
pub struct Sheet<'a> {
    metrics: GlyphMetrics<'a>,
    charmap: Charmap<'a>,
    units: f32,
    font: Font,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

/// A cell of a table: what is printed, and what is to be written by hand where it is empty.
pub struct Cell<'a> {
    /// What it is about.
    pub label: &'a str,
    /// What stands in it.
    pub value: &'a str,
}

/// Writes a paper: `fill` puts it together. What its reader shows of it is `title`; `footer` stands at the foot of each page,
/// before its number.
///
/// # Errors
/// If the font cannot be read any more, or the paper not be written.
pub fn write(font: &PdfFont, title: &str, footer: &str, fill: impl FnOnce(&mut Sheet<'_>)) -> io::Result<Vec<u8>> {
    let data = Arc::new(fs::read(&font.path)?);
    let unreadable = || io::Error::new(io::ErrorKind::InvalidData, "the font is not what it was at the start");
    let face = FontRef::from_index(&data, font.face).map_err(io::Error::other)?;
    let (size, location) = (Size::unscaled(), LocationRef::default());
    let mut sheet = Sheet {
        metrics: face.glyph_metrics(size, location),
        charmap: face.charmap(),
        units: f32::from(face.metrics(size, location).units_per_em),
        font: Font::new(data.clone().into(), font.face).ok_or_else(unreadable)?,
        pages: vec![Vec::new()],
        y: TOP,
    };
    fill(&mut sheet);
    sheet.finish(title, footer)
}

impl Sheet<'_> {
    fn advance(&self, character: char) -> f32 {
        let glyph = self.charmap.map(character).unwrap_or_default();
        self.metrics.advance_width(glyph).unwrap_or(self.units) / self.units
    }
    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.advance(character)).sum::<f32>() * size
    }
    /// The lines of a text within a width. Chinese breaks anywhere but before a closing mark, other words at spaces.
    fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        for character in text.chars() {
            let wide = self.advance(character) * size;
            if used + wide > width && !line.is_empty() && !CLOSING.contains(character) {
                let rest = match line.rfind(' ') {
                    Some(space) if character.is_ascii_alphanumeric() => line.split_off(space + 1),
                    _ => String::new(),
                };
                used = self.width(&rest, size);
                lines.push(std::mem::replace(&mut line, rest));
            }
            line.push(character);
            used += wide;
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
    fn write_at(&mut self, x: f32, y: f32, size: f32, text: &str) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, size, text: text.to_owned() });
        }
    }
    fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        self.mark(Mark::Line { from, to });
    }
    fn frame(&mut self, left: f32, top: f32, right: f32, bottom: f32) {
        for (from, to) in [
            ((left, top), (right, top)),
            ((left, bottom), (right, bottom)),
            ((left, top), (left, bottom)),
            ((right, top), (right, bottom)),
        ] {
            self.line(from, to);
        }
    }
    /// Begins a new page if less than `height` is left.
    fn reserve(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }
    /// Leaves space.
    pub fn skip(&mut self, height: f32) {
        self.y += height;
    }
    /// A line in the middle.
    pub fn centred(&mut self, size: f32, text: &str) {
        for line in self.lines(text, size, PAGE.0 - 2.0 * MARGIN) {
            self.reserve(size * LEADING);
            self.y += size * LEADING;
            let x = (PAGE.0 - self.width(&line, size)) / 2.0;
            self.write_at(x, self.y - size * 0.3, size, &line);
        }
    }
    /// A paragraph over the whole width, its first line set in by two characters.
    pub fn paragraph(&mut self, size: f32, text: &str) {
        let indented = format!("　　{text}");
        for line in self.lines(&indented, size, PAGE.0 - 2.0 * MARGIN) {
            self.reserve(size * LEADING);
            self.y += size * LEADING;
            self.write_at(MARGIN, self.y - size * 0.3, size, &line);
        }
    }
    /// A row of a table: cells of equal width, each a label and what stands beside it.
    pub fn row(&mut self, size: f32, cells: &[Cell<'_>]) {
        const LABEL: f32 = 92.0;
        let mut share = PAGE.0 - 2.0 * MARGIN;
        if cells.len() > 1 {
            share /= 2.0;
        }
        let parts: Vec<(Vec<String>, Vec<String>)> = cells
            .iter()
            .map(|cell| {
                let (label, value) = (LABEL - 2.0 * PADDING, share - LABEL - 2.0 * PADDING);
                (self.lines(cell.label, size, label), self.lines(cell.value, size, value))
            })
            .collect();
        let most = parts.iter().map(|(label, value)| label.len().max(value.len())).fold(1, usize::max);
        let height = lines_height(most, size) + 2.0 * PADDING;
        self.reserve(height);
        let (top, bottom) = (self.y, self.y + height);
        for (place, (label, value)) in parts.into_iter().enumerate() {
            let left = if place == 0 { MARGIN } else { MARGIN + share };
            self.frame(left, top, left + LABEL, bottom);
            self.frame(left + LABEL, top, left + share, bottom);
            for (x, lines) in [(left, label), (left + LABEL, value)] {
                for (at, line) in lines.iter().enumerate() {
                    let y = top + PADDING + lines_height(at + 1, size) - size * 0.35;
                    self.write_at(x + PADDING, y, size, line);
                }
            }
        }
        self.y = bottom;
    }
    /// A frame to write in, `lines` high, with what is signed at its foot.
    pub fn writing_box(&mut self, size: f32, label: &str, lines: u16, signatures: &[String]) {
        let (left, right) = (MARGIN, PAGE.0 - MARGIN);
        let foot = if signatures.is_empty() { 0.0 } else { size * 2.4 };
        let height = size * LEADING + f32::from(lines) * 22.0 + foot + 2.0 * PADDING;
        self.reserve(height);
        let (top, bottom) = (self.y, self.y + height);
        self.frame(left, top, right, bottom);
        self.write_at(left + PADDING, top + PADDING + size, size, label);
        for at in 1..=lines {
            let y = top + PADDING + size * LEADING + f32::from(at) * 22.0 - 4.0;
            self.line((left + 2.0 * PADDING, y), (right - 2.0 * PADDING, y));
        }
        // Each has room for a signature behind it; the last one, a date, ends with the frame.
        let share = (right - left - 2.0 * PADDING) / signatures.iter().fold(0.0_f32, |count, _| count + 1.0).max(1.0);
        let mut x = left + PADDING;
        for signature in signatures {
            self.write_at(x, bottom - PADDING - 4.0, size, signature);
            x += share;
        }
        self.y = bottom;
    }
    /// The document.
    fn finish(self, title: &str, footer: &str) -> io::Result<Vec<u8>> {
        let mut document = Document::new();
        let metadata = Metadata::new().title(title.to_owned()).language("zh-CN".to_owned());
        document.set_metadata(metadata);
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| io::Error::other("no such page"))?;
        let count = self.pages.len();
        for (at, marks) in self.pages.iter().enumerate() {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            for mark in marks {
                match mark {
                    Mark::Text { x, y, size, text } => self.draw_text(&mut surface, *x, *y, *size, text),
                    Mark::Line { from, to } => draw_line(&mut surface, *from, *to),
                }
            }
            let number = format!("{footer}　第 {} 页，共 {count} 页", at + 1);
            let x = (PAGE.0 - self.width(&number, 9.0)) / 2.0;
            self.draw_text(&mut surface, x, 818.0, 9.0, &number);
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| io::Error::other(format!("{error:?}")))
    }
    fn draw_text(&self, surface: &mut Surface<'_>, x: f32, y: f32, size: f32, text: &str) {
        let glyphs: Vec<KrillaGlyph> = text
            .char_indices()
            .map(|(at, character)| {
                let glyph = self.charmap.map(character).unwrap_or_default();
                let range = at..at + character.len_utf8();
                KrillaGlyph::new(GlyphId::new(glyph.to_u32()), self.advance(character), 0.0, 0.0, 0.0, range, None)
            })
            .collect();
        surface.set_stroke(None);
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, self.font.clone(), text, size, false);
    }
}

/// The height of lines of text.
fn lines_height(count: usize, size: f32) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from) * size * LEADING
}

fn draw_line(surface: &mut Surface<'_>, from: (f32, f32), to: (f32, f32)) {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    if let Some(path) = path.finish() {
        surface.set_stroke(Some(Stroke { paint: rgb::Color::new(70, 70, 70).into(), width: 0.6, ..Stroke::default() }));
        surface.draw_path(&path);
        surface.set_stroke(None);
    }
}
