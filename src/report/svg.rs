//! Paths as a picture: boxes in columns from left to right, arrows between them, nothing over anything else. Written by
//! hand, so that it is one file that any browser shows.

use super::picture::{Arrow, Class, Node, Picture};
use crate::verdict::PathFact;

/// Around everything.
const MARGIN: f64 = 24.0;
/// Between boxes of a column.
const ROW_GAP: f64 = 18.0;
/// Left and right of the text in a box.
const PADDING: f64 = 14.0;
/// The widest text of a box; longer ones are cut in the middle.
const WIDEST: f64 = 280.0;
const NARROWEST: f64 = 84.0;
const TITLE: f64 = 16.0;
const NAME: f64 = 13.0;
const SMALL: f64 = 10.5;
const LABEL: f64 = 11.0;
/// The room of an arrow that passes a column.
const LANE: f64 = 10.0;
/// How much of the way an arrow that starts or ends beside others bends; the rest of it is straight, with its words.
const BEND: f64 = 46.0;
const INK: &str = "#1f2328";
const PALE: &str = "#57606a";
const PAPER: &str = "#ffffff";
const FONT: &str = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/// The picture.
pub fn write(paths: &[PathFact], title: &str) -> String {
    let picture = Picture::of(paths);
    let layout = Layout::of(&picture);
    draw(&picture, &layout, title)
}

/// Widths of the letters of Helvetica from the space on, in thousandths of their height: other fonts of [`FONT`] are near.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// How wide a text is at most, with some room for fonts that run wider.
fn measure(text: &str, size: f64) -> f64 {
    let of = |c: char| match c as u32 {
        code @ 32..=126 => u32::from(WIDTHS[code as usize - 32]),
        0x1100.. => 1000,
        _ => 620,
    };
    f64::from(text.chars().map(of).sum::<u32>()) * size * 1.1 / 1000.0
}

/// A text that is too wide loses its middle.
fn elided(text: &str, size: f64) -> String {
    if measure(text, size) <= WIDEST {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| {
        let head = kept.div_ceil(2);
        letters[..head]
            .iter()
            .chain(&['…'])
            .chain(&letters[letters.len() - (kept - head)..])
            .collect::<String>()
    };
    let fits = (1..letters.len()).rev().map(cut).find(|short| measure(short, size) <= WIDEST);
    fits.unwrap_or_else(|| "…".to_owned())
}

/// A place that is too wide loses what it is in first: the names of neighbours differ in their last letters.
fn short_place(place: &str) -> String {
    match place.split_once(" in ") {
        Some((here, _)) if measure(place, SMALL) > WIDEST && !here.is_empty() => elided(here, SMALL),
        _ => elided(place, SMALL),
    }
}

/// Where a box stands.
#[derive(Clone, Copy, Default)]
struct Spot {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Spot {
    fn middle(self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// What takes room in a column: a box, or an arrow that passes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Node(usize),
    Lane(usize),
}

struct Column {
    items: Vec<Item>,
    /// The middle of each.
    middles: Vec<f64>,
    x: f64,
    width: f64,
    /// The room behind it.
    gap: f64,
}

struct Layout {
    columns: Vec<Column>,
    spots: Vec<Spot>,
    /// From the highest edge to the lowest.
    height: f64,
    width: f64,
}

fn height_of(node: &Node) -> f64 {
    if node.place.is_empty() { 42.0 } else { 57.0 }
}

fn width_of(node: &Node) -> f64 {
    let widest = [(&node.kind, SMALL), (&node.name, NAME), (&node.place, SMALL)];
    let text =
        widest.into_iter().map(|(text, size)| measure(text, size).min(WIDEST)).fold(NARROWEST, f64::max);
    text + 2.0 * PADDING
}

impl Layout {
    fn of(picture: &Picture) -> Layout {
        let layers = picture.boxes.iter().map(|node| node.layer + 1).max().unwrap_or(0);
        let mut columns: Vec<Column> = (0..layers).map(|layer| Column::new(picture, layer)).collect();
        let links = links(picture, &columns);
        for _ in 0..4 {
            (1..layers).for_each(|layer| sort(&mut columns, &links, layer, layer - 1));
            (0..layers.saturating_sub(1))
                .rev()
                .for_each(|layer| sort(&mut columns, &links, layer, layer + 1));
        }
        columns.iter_mut().for_each(|column| column.stack(picture));
        for _ in 0..6 {
            (1..layers).for_each(|layer| settle(&mut columns, picture, &links, layer, layer - 1));
            (0..layers.saturating_sub(1))
                .rev()
                .for_each(|layer| settle(&mut columns, picture, &links, layer, layer + 1));
        }
        Layout::placed(picture, columns)
    }

    fn placed(picture: &Picture, mut columns: Vec<Column>) -> Layout {
        let edges = |column: &Column, sign: f64| -> Vec<f64> {
            column
                .items
                .iter()
                .zip(&column.middles)
                .map(|(&item, y)| y + sign * room(picture, item) / 2.0)
                .collect()
        };
        let top = columns.iter().flat_map(|column| edges(column, -1.0)).fold(f64::INFINITY, f64::min);
        let bottom = columns.iter().flat_map(|column| edges(column, 1.0)).fold(0.0, f64::max);
        let mut spots = vec![Spot::default(); picture.boxes.len()];
        let mut x = 0.0;
        for column in &mut columns {
            column.x = x;
            x += column.width + column.gap;
            for (item, middle) in column.items.iter().zip(&mut column.middles) {
                *middle -= top;
                if let Item::Node(node) = *item {
                    let height = height_of(&picture.boxes[node]);
                    spots[node] =
                        Spot { x: column.x, y: *middle - height / 2.0, width: column.width, height };
                }
            }
        }
        let width = columns.last().map_or(0.0, |column| column.x + column.width);
        let below = if picture.arrows.iter().any(|arrow| arrow.back) { 40.0 } else { 0.0 };
        Layout { columns, spots, height: (bottom - top).max(0.0) + below, width }
    }

    /// The middle of an arrow's lane in a column.
    fn lane(&self, arrow: usize, layer: usize) -> f64 {
        let column = &self.columns[layer];
        let at = column.items.iter().position(|&item| item == Item::Lane(arrow));
        at.map_or(0.0, |at| column.middles[at])
    }
}

impl Column {
    fn new(picture: &Picture, layer: usize) -> Column {
        let boxes = (0..picture.boxes.len()).filter(|&i| picture.boxes[i].layer == layer);
        let width = boxes.clone().map(|i| width_of(&picture.boxes[i])).fold(0.0, f64::max);
        let passes = |arrow: &Arrow| {
            !arrow.back && picture.boxes[arrow.from].layer < layer && layer < picture.boxes[arrow.to].layer
        };
        let lanes = (0..picture.arrows.len()).filter(|&i| passes(&picture.arrows[i]));
        let items: Vec<Item> = boxes.map(Item::Node).chain(lanes.map(Item::Lane)).collect();
        let leaves =
            picture.arrows.iter().filter(|arrow| !arrow.back && picture.boxes[arrow.from].layer == layer);
        let label = leaves.map(|arrow| measure(&arrow.label, LABEL)).fold(0.0, f64::max);
        Column { middles: vec![0.0; items.len()], items, x: 0.0, width, gap: (label + BEND + 30.0).max(80.0) }
    }

    /// One under the other.
    fn stack(&mut self, picture: &Picture) {
        let mut y = 0.0;
        for (item, middle) in self.items.iter().zip(&mut self.middles) {
            let height = room(picture, *item);
            *middle = y + height / 2.0;
            y += height + ROW_GAP;
        }
    }
}

fn room(picture: &Picture, item: Item) -> f64 {
    match item {
        Item::Node(node) => height_of(&picture.boxes[node]),
        Item::Lane(_) => LANE,
    }
}

/// What is linked with what in the next column.
type Links = Vec<(usize, Item, Item)>;

fn links(picture: &Picture, columns: &[Column]) -> Links {
    let mut links = vec![];
    for (i, arrow) in picture.arrows.iter().enumerate().filter(|(_, arrow)| !arrow.back) {
        let (from, to) = (picture.boxes[arrow.from].layer, picture.boxes[arrow.to].layer);
        let item = |layer: usize| match layer {
            layer if layer == from => Item::Node(arrow.from),
            layer if layer == to => Item::Node(arrow.to),
            _ => Item::Lane(i),
        };
        links.extend((from..to).filter(|&l| l + 1 < columns.len()).map(|l| (l, item(l), item(l + 1))));
    }
    links
}

/// What an item is linked with in the other column.
fn neighbours(links: &Links, item: Item, layer: usize, other: usize) -> impl Iterator<Item = Item> + '_ {
    links.iter().filter_map(move |&(at, from, to)| match other < layer {
        true if at == other && to == item => Some(from),
        false if at == layer && from == item => Some(to),
        _ => None,
    })
}

/// Orders a column by where that which each item is linked with stands in the other one.
fn sort(columns: &mut [Column], links: &Links, layer: usize, other: usize) {
    let place = |item: Item| columns[other].items.iter().position(|&i| i == item);
    let wish = |(at, &item): (usize, &Item)| {
        let places: Vec<usize> = neighbours(links, item, layer, other).filter_map(place).collect();
        match places.len() {
            0 => (at as f64, item),
            n => (places.iter().sum::<usize>() as f64 / n as f64, item),
        }
    };
    let mut wishes: Vec<(f64, Item)> = columns[layer].items.iter().enumerate().map(wish).collect();
    wishes.sort_by(|a, b| a.0.total_cmp(&b.0));
    columns[layer].items = wishes.into_iter().map(|(_, item)| item).collect();
}

/// Moves a column's items to the height of what they are linked with in the other one, as far as there is room.
fn settle(columns: &mut [Column], picture: &Picture, links: &Links, layer: usize, other: usize) {
    let height = |item: Item| {
        let at = columns[other].items.iter().position(|&i| i == item)?;
        Some(columns[other].middles[at])
    };
    let column = &columns[layer];
    let wishes: Vec<f64> = column
        .items
        .iter()
        .zip(&column.middles)
        .map(|(&item, &here)| {
            let heights: Vec<f64> = neighbours(links, item, layer, other).filter_map(height).collect();
            if heights.is_empty() { here } else { heights.iter().sum::<f64>() / heights.len() as f64 }
        })
        .collect();
    let rooms: Vec<f64> = column.items.iter().map(|&item| room(picture, item)).collect();
    columns[layer].middles = apart(&wishes, |i| (rooms[i] + rooms[i + 1]) / 2.0 + ROW_GAP);
}

/// The numbers nearest to the wishes that keep their order and stay apart: `between(i)` between the i-th and the next one.
fn apart(wishes: &[f64], between: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut offset = 0.0;
    let mut offsets = vec![];
    // Blocks of neighbours that touch: the sum of what they want, and how many they are.
    let mut blocks: Vec<(f64, usize)> = vec![];
    for (i, wish) in wishes.iter().enumerate() {
        if i > 0 {
            offset += between(i - 1);
        }
        offsets.push(offset);
        let mut block = (wish - offset, 1);
        while let Some(&(sum, n)) = blocks.last()
            && sum / n as f64 > block.0 / block.1 as f64
        {
            block = (sum + block.0, n + block.1);
            blocks.pop();
        }
        blocks.push(block);
    }
    let even = blocks.iter().flat_map(|&(sum, n)| std::iter::repeat_n(sum / n as f64, n));
    even.zip(offsets).map(|(y, offset)| y + offset).collect()
}

/// A text of XML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // XML knows no other control characters, and these say nothing here.
            c if c.is_control() && c != '\n' => {}
            c => safe.push(c),
        }
    }
    safe
}

/// A number as short as it can be: a tenth of a pixel is enough.
fn px(n: f64) -> String {
    let text = format!("{n:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

fn words(x: f64, y: f64, size: f64, look: &str, text: &str) -> String {
    format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" {look}>{}</text>",
        px(x),
        px(y),
        px(size),
        escaped(text)
    )
}

fn draw(picture: &Picture, layout: &Layout, title: &str) -> String {
    let title = super::clean(title);
    let top = MARGIN + TITLE + 22.0;
    let is_potential = picture.arrows.iter().any(|arrow| arrow.potential);
    let mut foot: Vec<String> = vec![];
    if picture.left_out > 0 {
        foot.push(picture.rest());
    }
    if picture.boxes.is_empty() {
        foot.push("no path".to_owned());
    }
    let legend = "dashed: once an eligible assignment is activated";
    if is_potential {
        foot.push(legend.to_owned());
    }
    let widest = foot.iter().map(|line| measure(line, LABEL)).fold(measure(&title, TITLE), f64::max);
    let width = (layout.width.max(widest) + 2.0 * MARGIN).ceil();
    let below = if foot.is_empty() { 0.0 } else { 14.0 + 18.0 * foot.len() as f64 };
    let height = (top + layout.height + below + MARGIN).ceil();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" font-family=\"{FONT}\" fill=\"{INK}\">\n<title>{}</title>\n\
         <defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path d=\"M0 0.5 L7.5 4 L0 7.5 Z\" fill=\"{PALE}\"/></marker></defs>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{PAPER}\"/>\n{}\n",
        escaped(&title),
        words(MARGIN, MARGIN + TITLE, TITLE, "font-weight=\"600\"", &title)
    );
    svg.push_str(&format!("<g transform=\"translate({} {})\">\n", px(MARGIN), px(top)));
    for (i, arrow) in picture.arrows.iter().enumerate() {
        svg.push_str(&line(picture, layout, i, arrow));
    }
    for (node, spot) in picture.boxes.iter().zip(&layout.spots) {
        svg.push_str(&boxed(node, *spot));
    }
    svg.push_str(&labels(picture, layout));
    svg.push_str("</g>\n");
    for (i, text) in foot.iter().enumerate() {
        let y = top + layout.height + 28.0 + 18.0 * i as f64;
        svg.push_str(&words(MARGIN, y, LABEL, &format!("fill=\"{PALE}\""), text));
        svg.push('\n');
    }
    svg.push_str("</svg>\n");
    svg
}

fn boxed(node: &Node, spot: Spot) -> String {
    let (fill, stroke) = node.class.colours();
    let weight = if node.class == Class::Source { 2 } else { 1 };
    let middle = spot.x + spot.width / 2.0;
    let centred = |look: &str| format!("text-anchor=\"middle\" {look}");
    let pale = centred(&format!("fill=\"{PALE}\""));
    let mut text = format!(
        "<g><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{fill}\" stroke=\"{stroke}\" \
         stroke-width=\"{weight}\"/>",
        escaped(&whole(node)),
        px(spot.x),
        px(spot.y),
        px(spot.width),
        px(spot.height)
    );
    text.push_str(&words(middle, spot.y + 16.0, SMALL, &pale, &node.kind));
    text.push_str(&words(
        middle,
        spot.y + 32.0,
        NAME,
        &centred("font-weight=\"600\""),
        &elided(&node.name, NAME),
    ));
    if !node.place.is_empty() {
        text.push_str(&words(middle, spot.y + 47.0, SMALL, &pale, &short_place(&node.place)));
    }
    text.push_str("</g>\n");
    text
}

/// All that is known of a box, for whoever points at it.
fn whole(node: &Node) -> String {
    let mut lines = vec![format!("{} {}", node.kind, node.name)];
    lines.extend([&node.place, &node.id].into_iter().filter(|text| !text.is_empty()).cloned());
    lines.join("\n")
}

/// How an arrow gets from one column to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// It bends first: several start where it does.
    Early,
    /// It bends last: several end where it does.
    Late,
    /// Both.
    Even,
}

impl Layout {
    /// How the part of an arrow behind a column looks.
    fn shape(&self, picture: &Picture, index: usize, layer: usize) -> Shape {
        let arrow = &picture.arrows[index];
        let leaves = picture.boxes[arrow.from].layer == layer;
        let arrives = picture.boxes[arrow.to].layer == layer + 1;
        let forward = |a: &&Arrow| !a.back;
        let out = picture.arrows.iter().filter(forward).filter(|a| a.from == arrow.from).count();
        let ends = |a: &&Arrow| a.to == arrow.to;
        let into = picture.arrows.iter().filter(forward).filter(ends).count();
        match (leaves && out > 1, arrives && into > 1) {
            (true, true) => Shape::Even,
            (false, true) => Shape::Late,
            (_, false) => Shape::Early,
        }
    }
}

/// From one point to another further right.
fn bent(shape: Shape, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) -> String {
    let curve = |x1: f64, x2: f64| {
        let half = (x2 - x1) / 2.0;
        format!(" C{} {} {} {} {} {}", px(x1 + half), px(y1), px(x2 - half), px(y2), px(x2), px(y2))
    };
    match shape {
        Shape::Early => format!("{} H{}", curve(x1, x1 + BEND), px(x2)),
        Shape::Late => format!(" H{}{}", px(x2 - BEND), curve(x2 - BEND, x2)),
        Shape::Even => curve(x1, x2),
    }
}

fn line(picture: &Picture, layout: &Layout, index: usize, arrow: &Arrow) -> String {
    let (from, to) = (layout.spots[arrow.from], layout.spots[arrow.to]);
    let path = if arrow.back {
        let (x1, x2) = (from.x + from.width / 2.0, to.x + to.width / 2.0);
        let (y1, y2) = (from.y + from.height, to.y + to.height);
        let low = y1.max(y2) + 44.0;
        format!(
            "M{} {} C{} {} {} {} {} {}",
            px(x1),
            px(y1),
            px(x1),
            px(low),
            px(x2),
            px(low),
            px(x2),
            px(y2 + 2.0)
        )
    } else {
        let (mut x, mut y) = (from.x + from.width, from.middle());
        let mut path = format!("M{} {}", px(x), px(y));
        for layer in picture.boxes[arrow.from].layer + 1..=picture.boxes[arrow.to].layer {
            let column = &layout.columns[layer];
            let is_end = layer == picture.boxes[arrow.to].layer;
            let (x2, y2) =
                if is_end { (to.x - 1.0, to.middle()) } else { (column.x, layout.lane(index, layer)) };
            path.push_str(&bent(layout.shape(picture, index, layer - 1), [x, y], [x2, y2]));
            (x, y) = (x2, y2);
            if !is_end {
                x += column.width;
                path.push_str(&format!(" H{}", px(x)));
            }
        }
        path
    };
    let dashes = if arrow.potential { " stroke-dasharray=\"5 4\"" } else { "" };
    format!(
        "<path d=\"{path}\" fill=\"none\" stroke=\"{PALE}\" stroke-width=\"1.3\"{dashes} marker-end=\"url(#head)\">\
         <title>{}</title></path>\n",
        escaped(&arrow.sentence)
    )
}

/// The words of arrows, over the straight part of each, in the room behind the box that it starts from.
fn labels(picture: &Picture, layout: &Layout) -> String {
    let look = |anchor: &str| {
        format!(
            "text-anchor=\"{anchor}\" fill=\"{PALE}\" stroke=\"{PAPER}\" stroke-width=\"4\" paint-order=\"stroke\""
        )
    };
    let mut text = String::new();
    for (layer, column) in layout.columns.iter().enumerate() {
        let (start, end) = (column.x + column.width, column.x + column.width + column.gap);
        // In the middle of the room, where several start and several end: those are kept apart.
        let mut middles: Vec<(f64, &str)> = vec![];
        for (i, arrow) in picture.arrows.iter().enumerate() {
            if arrow.back || picture.boxes[arrow.from].layer != layer {
                continue;
            }
            let y1 = layout.spots[arrow.from].middle();
            let y2 = match picture.boxes[arrow.to].layer == layer + 1 {
                true => layout.spots[arrow.to].middle(),
                false => layout.lane(i, layer + 1),
            };
            let (x, y) = match layout.shape(picture, i, layer) {
                Shape::Early if (y1 - y2).abs() < 3.0 => ((start + end - 6.0) / 2.0, y2),
                Shape::Early => ((start + BEND + end - 10.0) / 2.0, y2),
                Shape::Late => ((start + end - BEND) / 2.0, y1),
                Shape::Even => {
                    middles.push(((y1 + y2) / 2.0 - 5.0, &arrow.label));
                    continue;
                }
            };
            text.push_str(&words(x, y - 5.0, LABEL, &look("middle"), &arrow.label));
            text.push('\n');
        }
        middles.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
        let wishes: Vec<f64> = middles.iter().map(|(y, _)| *y).collect();
        for (y, (_, label)) in apart(&wishes, |_| 14.0).into_iter().zip(middles) {
            text.push_str(&words((start + end) / 2.0, y, LABEL, &look("middle"), label));
            text.push('\n');
        }
    }
    for arrow in picture.arrows.iter().filter(|arrow| arrow.back) {
        let (from, to) = (layout.spots[arrow.from], layout.spots[arrow.to]);
        let x = (from.x + from.width / 2.0 + to.x + to.width / 2.0) / 2.0;
        let y = (from.y + from.height).max(to.y + to.height) + 36.0;
        text.push_str(&words(x, y, LABEL, &look("middle"), &arrow.label));
        text.push('\n');
    }
    text
}
