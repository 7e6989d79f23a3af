//! Axes, and what can be drawn between them.

use crate::canvas::{Area, Ink, Side, line, text};
use plotters::element::DashedPathElement;
use plotters::prelude::*;

/// One axis: from where to where, and what is written at it.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    from: f64,
    to: f64,
    ticks: Vec<f64>,
    logarithmic: bool,
    name: &'static str,
}

impl Axis {
    /// Values from `from` to `to`, with a tick every `step`.
    pub(crate) fn linear(from: f64, to: f64, step: f64, name: &'static str) -> Self {
        let ticks = (0..).map(|k| from + f64::from(k) * step).take_while(|tick| *tick <= to + 1e-9 * step).collect();
        Self { from, to, ticks, logarithmic: false, name }
    }

    /// Powers of ten from `10^from` to `10^to`, with a tick every `step` powers.
    pub(crate) fn logarithmic(from: i32, to: i32, step: usize, name: &'static str) -> Self {
        let ticks = (from..=to).rev().step_by(step).map(f64::from).collect();
        Self { from: from.into(), to: to.into(), ticks, logarithmic: true, name }
    }

    /// Where a value stands between the ends, 0 to 1; `None` for what a logarithmic axis can't show: 0, negative, NaN.
    fn place(&self, value: f64) -> Option<f64> {
        let value = if self.logarithmic { value.log10() } else { value };
        value.is_finite().then(|| (value - self.from) / (self.to - self.from))
    }

    fn tick_text(&self, tick: f64) -> String {
        if !self.logarithmic {
            return tick.to_string().replace('-', "−");
        }
        match tick {
            0.0 => "1".into(),
            1.0 => "10".into(),
            _ => format!("10{}", superscript(tick as i32)),
        }
    }
}

fn superscript(exponent: i32) -> String {
    let raise = |c| match c {
        '-' => '⁻',
        digit => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize - '0' as usize).unwrap_or(digit),
    };
    exponent.to_string().chars().map(raise).collect()
}

/// A pair of axes on a part of the sheet.
pub(crate) struct Plot<'a, 'b> {
    area: &'a Area<'b>,
    x: Axis,
    y: Axis,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

/// The size of all text in a plot: on a column of 720 pixels about that of the prose.
pub(crate) const TEXT: f64 = 16.0;

impl<'a, 'b> Plot<'a, 'b> {
    /// Draws the axes; `right` pixels stay free for the labels at the ends of the lines.
    pub(crate) fn new(area: &'a Area<'b>, x: Axis, y: Axis, right: i32) -> Self {
        let (width, height) = area.dim_in_pixel();
        let (width, height) = (width as i32, height as i32);
        let plot = Self { area, x, y, left: 58, right: width - right, top: 40, bottom: height - 52 };
        for &tick in &plot.y.ticks {
            let y = plot.pixel_y((tick - plot.y.from) / (plot.y.to - plot.y.from));
            line(area, vec![(plot.left, y), (plot.right, y)], Ink::Grid, 1);
            text(area, &plot.y.tick_text(tick), (plot.left, y), Side::Left, TEXT, Ink::Muted);
        }
        for &tick in &plot.x.ticks {
            let x = plot.pixel_x((tick - plot.x.from) / (plot.x.to - plot.x.from));
            line(area, vec![(x, plot.bottom), (x, plot.bottom + 5)], Ink::Muted, 1);
            text(area, &plot.x.tick_text(tick), (x, plot.bottom + 3), Side::Below, TEXT, Ink::Muted);
        }
        line(area, vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], Ink::Muted, 1);
        // The name of the upright axis lies flat above it, so that nobody has to turn the head.
        text(area, plot.y.name, (plot.left - 50, 16), Side::Right, TEXT, Ink::Ink);
        text(area, plot.x.name, ((plot.left + plot.right) / 2, height - 24), Side::Below, TEXT, Ink::Ink);
        plot
    }

    fn pixel_x(&self, place: f64) -> i32 {
        self.left + ((self.right - self.left) as f64 * place).round() as i32
    }

    fn pixel_y(&self, place: f64) -> i32 {
        self.bottom - ((self.bottom - self.top) as f64 * place).round() as i32
    }

    /// The pixel of a point; `None` where an axis has no place for it.
    fn pixel(&self, (x, y): (f64, f64)) -> Option<(i32, i32)> {
        Some((self.pixel_x(self.x.place(x)?), self.pixel_y(self.y.place(y)?)))
    }

    /// The pixel of a point that the caller chose and that the axes must have.
    fn chosen(&self, at: (f64, f64)) -> (i32, i32) {
        self.pixel(at).unwrap_or_else(|| panic!("({}, {}) has no place on these axes", at.0, at.1))
    }

    /// A line through points. Where a point has no place the line ends with a cross on the floor: it is not drawn as if it
    /// were a small number.
    pub(crate) fn line(&self, xs: &[f64], ys: &[f64], ink: Ink) {
        let pixels: Vec<_> = xs.iter().zip(ys).map(|(&x, &y)| self.pixel((x, y))).collect();
        for run in pixels.split(Option::is_none).filter(|run| run.len() > 1) {
            line(self.area, run.iter().flatten().copied().collect(), ink, 3);
        }
        for (x, pixel) in xs.iter().zip(&pixels) {
            if let (None, Some(place)) = (pixel, self.x.place(*x)) {
                self.cross((self.pixel_x(place), self.bottom), ink);
            }
        }
    }

    /// Dashes through points, for what is a bound or a reference and was not measured.
    pub(crate) fn dashes(&self, xs: &[f64], ys: &[f64], ink: Ink) {
        let points: Vec<_> = xs.iter().zip(ys).filter_map(|(&x, &y)| self.pixel((x, y))).collect();
        let dashes = DashedPathElement::new(points.into_iter(), 5, 5, ink.colour().stroke_width(2));
        self.area.draw(&dashes).expect("drawing into a string can't fail");
    }

    /// A dot at each point that has a place.
    pub(crate) fn dots(&self, xs: &[f64], ys: &[f64], ink: Ink) {
        for pixel in xs.iter().zip(ys).filter_map(|(&x, &y)| self.pixel((x, y))) {
            self.area.draw(&Circle::new(pixel, 5, ink.colour().filled())).expect("drawing into a string can't fail");
        }
    }

    fn cross(&self, (x, y): (i32, i32), ink: Ink) {
        line(self.area, vec![(x - 5, y - 5), (x + 5, y + 5)], ink, 2);
        line(self.area, vec![(x - 5, y + 5), (x + 5, y - 5)], ink, 2);
    }

    /// A text beside a point.
    pub(crate) fn label(&self, content: &str, at: (f64, f64), side: Side, ink: Ink) {
        text(self.area, content, self.chosen(at), side, TEXT, ink);
    }

    /// A text over the whole plot.
    pub(crate) fn title(&self, content: &str) {
        text(self.area, content, ((self.left + self.right) / 2, 16), Side::Centre, TEXT, Ink::Ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::sheet;

    #[test]
    fn zero_and_nan_are_marked_and_not_drawn_as_numbers() {
        let draw = |ys: &'static [f64]| {
            sheet(400, 300, move |area| {
                let plot = Plot::new(area, Axis::linear(0.0, 4.0, 1.0, "x"), Axis::logarithmic(-4, 0, 1, "y"), 20);
                plot.line(&[0.0, 1.0, 2.0, 3.0], ys, Ink::Blue);
            })
        };
        let count = |svg: &str| svg.matches("stroke-blue").count();
        assert_eq!(count(&draw(&[1.0, 0.1, 0.01, 0.001])), 1);
        assert_eq!(count(&draw(&[1.0, 0.1, 0.0, f64::NAN])), 1 + 2 * 2, "a line of two points, two crosses");
    }

    #[test]
    fn powers_of_ten_are_written_as_such() {
        let axis = Axis::logarithmic(-12, 1, 1, "y");
        assert_eq!([-12.0, 0.0, 1.0].map(|tick| axis.tick_text(tick)), ["10⁻¹²", "1", "10"]);
    }
}
