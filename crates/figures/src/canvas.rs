//! A sheet to draw on, with colours that a page can replace.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The sheet, or a part of it.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A colour by its role. Alone the drawing shows these values; on a page the class `fill-…` or `stroke-…` takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text and what matters.
    Ink,
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
        (Self::Ink, "ink", RGBColor(0x22, 0x22, 0x22)),
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

/// A text of the given size beside a point.
pub(crate) fn text(area: &Area, content: &str, at: (i32, i32), side: Side, size: f64, ink: Ink) {
    let (x, y) = at;
    let (point, h, v) = match side {
        Side::Left => ((x - 6, y), HPos::Right, VPos::Center),
        Side::Right => ((x + 6, y), HPos::Left, VPos::Center),
        Side::Above => ((x, y - 5), HPos::Center, VPos::Bottom),
        Side::Below => ((x, y + 5), HPos::Center, VPos::Top),
        Side::Centre => ((x, y), HPos::Center, VPos::Center),
    };
    let style = ("sans-serif", size).into_font().color(&ink.colour()).pos(Pos::new(h, v));
    area.draw(&Text::new(content.to_owned(), point, style)).expect("drawing into a string can't fail");
}

/// A line through points.
pub(crate) fn line(area: &Area, points: Vec<(i32, i32)>, ink: Ink, width: u32) {
    let style = ink.colour().stroke_width(width);
    area.draw(&PathElement::new(points, style)).expect("drawing into a string can't fail");
}

/// Draws on a sheet of the given size and gives the SVG, with classes for the colours.
pub(crate) fn sheet(width: u32, height: u32, draw: impl FnOnce(&Area)) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        area.fill(&Ink::Paper.colour()).expect("drawing into a string can't fail");
        draw(&area);
        area.present().expect("drawing into a string can't fail");
    }
    with_classes(svg)
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
                line(area, vec![(0, 0), (10, 10)], ink, 1);
                text(area, "σ′", (10, 10), Side::Right, 12.0, ink);
            }
        });
        let count = |what: &str| svg.matches(what).count();
        assert_eq!(count("class=\"stroke-"), 8);
        assert_eq!(count("class=\"fill-"), 9, "eight texts and the ground");
        assert!(svg.contains("σ′"));
    }
}
