//! A sheet to draw on, with colours that a page can replace.

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The sheet, or a part of it.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A colour by its role. Alone the drawing shows these values; on a page the class `fill-…` or `stroke-…` takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Words, and what matters.
    Text,
    /// Axis labels, and what explains.
    Muted,
    /// Lines to read values by.
    Grid,
    /// The ground.
    Paper,
    /// First series. The five are Okabe and Ito's, which colour-blind readers can tell apart.
    Blue,
    /// Second series.
    Orange,
    /// Third series.
    Green,
    /// Fourth series.
    Purple,
}

impl Ink {
    const ALL: [(Self, &'static str, RGBColor); 8] = [
        (Self::Text, "ink", RGBColor(0x22, 0x22, 0x22)),
        (Self::Muted, "muted", RGBColor(0x5f, 0x5f, 0x5f)),
        (Self::Grid, "grid", RGBColor(0xdd, 0xdd, 0xdd)),
        (Self::Paper, "paper", RGBColor(0xff, 0xff, 0xff)),
        (Self::Blue, "blue", RGBColor(0x00, 0x72, 0xb2)),
        (Self::Orange, "orange", RGBColor(0xc2, 0x55, 0x00)),
        (Self::Green, "green", RGBColor(0x00, 0x7f, 0x5c)),
        (Self::Purple, "purple", RGBColor(0xa8, 0x4a, 0x80)),
    ];

    /// What plotters draws with.
    pub(crate) fn colour(self) -> RGBColor {
        Self::ALL.iter().find(|(ink, ..)| *ink == self).map_or(BLACK, |(.., colour)| *colour)
    }
}

/// Where a text stands in relation to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    Above,
    Below,
    Centre,
}

/// A point of the sheet: pixels to the right and down, as fractions too.
pub(crate) type Point = (f64, f64);

/// plotters draws on whole pixels, which makes a smooth curve look like stairs; so it draws on four times as many.
const SCALE: f64 = 4.0;

fn fine(length: f64) -> i32 {
    (length * SCALE).round() as i32
}

fn fine_point((x, y): Point) -> (i32, i32) {
    (fine(x), fine(y))
}

fn stroke(ink: Ink, width: f64) -> ShapeStyle {
    ink.colour().stroke_width(fine(width) as u32)
}

/// A text of the given size beside a point.
pub(crate) fn text(area: &Area, content: &str, at: Point, side: Side, size: f64, ink: Ink) {
    let (x, y) = at;
    let (point, h, v) = match side {
        Side::Left => ((x - 6.0, y), HPos::Right, VPos::Center),
        Side::Right => ((x + 6.0, y), HPos::Left, VPos::Center),
        Side::Above => ((x, y - 5.0), HPos::Center, VPos::Bottom),
        Side::Below => ((x, y + 5.0), HPos::Center, VPos::Top),
        Side::Centre => ((x, y), HPos::Center, VPos::Center),
    };
    let style = ("sans-serif", size * SCALE).into_font().color(&ink.colour()).pos(Pos::new(h, v));
    drawn(area.draw(&Text::new(content.to_owned(), fine_point(point), style)));
}

/// A line through points.
pub(crate) fn line(area: &Area, points: &[Point], ink: Ink, width: f64) {
    let points: Vec<_> = points.iter().copied().map(fine_point).collect();
    drawn(area.draw(&PathElement::new(points, stroke(ink, width))));
}

/// Dashes through points.
pub(crate) fn dashes(area: &Area, points: &[Point], ink: Ink, width: f64) {
    let points: Vec<_> = points.iter().copied().map(fine_point).collect();
    drawn(area.draw(&DashedPathElement::new(points, fine(5.0), fine(5.0), stroke(ink, width))));
}

/// A filled circle.
pub(crate) fn dot(area: &Area, at: Point, radius: f64, ink: Ink) {
    drawn(area.draw(&Circle::new(fine_point(at), fine(radius), ink.colour().filled())));
}

/// An empty circle.
pub(crate) fn ring(area: &Area, at: Point, radius: f64, ink: Ink, width: f64) {
    drawn(area.draw(&Circle::new(fine_point(at), fine(radius), stroke(ink, width))));
}

/// A filled square with its upper left corner at a point; `shade` from 0, nothing, to 1, all of the ink.
pub(crate) fn square(area: &Area, (x, y): Point, side: f64, ink: Ink, shade: f64) {
    rectangle(area, (x, y), (x + side, y + side), ink, shade);
}

/// A filled rectangle between two opposite corners; `shade` as for a square.
pub(crate) fn rectangle(area: &Area, from: Point, to: Point, ink: Ink, shade: f64) {
    let corners = [fine_point(from), fine_point(to)];
    drawn(area.draw(&Rectangle::new(corners, ink.colour().mix(shade).filled())));
}

/// The drawing goes into a string, which takes everything.
fn drawn<E: std::fmt::Debug>(result: Result<(), E>) {
    result.expect("drawing into a string can't fail");
}

/// The width and height of an area.
pub(crate) fn size(area: &Area) -> (f64, f64) {
    let (width, height) = area.dim_in_pixel();
    (f64::from(width) / SCALE, f64::from(height) / SCALE)
}

/// The parts to the left and to the right of `x`.
pub(crate) fn split<'a>(area: &Area<'a>, x: f64) -> (Area<'a>, Area<'a>) {
    area.split_horizontally(fine(x))
}

/// The same area in equal parts, row by row.
pub(crate) fn parts<'a>(area: &Area<'a>, rows: usize, columns: usize) -> Vec<Area<'a>> {
    area.split_evenly((rows, columns))
}

/// Draws on a sheet of the given size and gives the SVG, with classes for the colours.
pub(crate) fn sheet(width: u32, height: u32, draw: impl FnOnce(&Area)) -> String {
    let mut svg = String::new();
    let fine_size = (fine(width.into()) as u32, fine(height.into()) as u32);
    {
        let area = SVGBackend::with_string(&mut svg, fine_size).into_drawing_area();
        drawn(area.fill(&Ink::Paper.colour()));
        draw(&area);
        drawn(area.present());
    }
    let (found, wanted) = (
        format!("width=\"{}\" height=\"{}\"", fine_size.0, fine_size.1),
        format!("width=\"{width}\" height=\"{height}\""),
    );
    with_classes(svg.replacen(&found, &wanted, 1))
}

/// plotters writes a colour as an attribute; a class beside it lets a style sheet put another in its place.
fn with_classes(mut svg: String) -> String {
    for (_, name, RGBColor(red, green, blue)) in Ink::ALL {
        for kind in ["fill", "stroke"] {
            let attribute = format!(" {kind}=\"#{red:02X}{green:02X}{blue:02X}\"");
            svg = svg.replace(&attribute, &format!("{attribute} class=\"{kind}-{name}\""));
        }
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_has_a_class() {
        let svg = sheet(100, 50, |area| {
            for (ink, ..) in Ink::ALL {
                line(area, &[(0.0, 0.0), (10.0, 10.0)], ink, 1.0);
                text(area, "σ′", (10.0, 10.0), Side::Right, 12.0, ink);
            }
        });
        let count = |what: &str| svg.matches(what).count();
        assert_eq!(count("class=\"stroke-"), 8);
        assert_eq!(count("class=\"fill-"), 9, "eight texts and the ground");
        assert!(svg.contains("σ′"));
        assert!(svg.contains("width=\"100\" height=\"50\" viewBox=\"0 0 400 200\""), "{}", &svg[..120]);
    }
}
