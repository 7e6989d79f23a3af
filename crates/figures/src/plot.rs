//! Axes, and what can be drawn between them.

use crate::canvas::{Area, Ink, Point, Side, dashes, dot, line, rectangle, size, text};

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

    /// Powers of ten from `10^from` to `10^to`, with a tick at every power that `step` divides.
    pub(crate) fn logarithmic(from: i32, to: i32, step: i32, name: &'static str) -> Self {
        let ticks = (from..=to).filter(|power| power.rem_euclid(step) == 0).map(f64::from).collect();
        Self { from: from.into(), to: to.into(), ticks, logarithmic: true, name }
    }

    /// The same ticks with room beyond both ends, for what is drawn beside the first and the last.
    pub(crate) fn padded(self, by: f64) -> Self {
        Self { from: self.from - by, to: self.to + by, ..self }
    }

    /// Where a value stands between the ends, 0 to 1; `None` for what a logarithmic axis can't show: 0, negative, NaN.
    fn place(&self, value: f64) -> Option<f64> {
        let value = if self.logarithmic { value.log10() } else { value };
        value.is_finite().then(|| (value - self.from) / (self.to - self.from))
    }

    fn tick_text(&self, tick: f64) -> String {
        if !self.logarithmic {
            // 0.1 + 2 · 0.1 is 0.30000000000000004 in binary, and 0.3 to a reader.
            return ((tick * 1e9).round() / 1e9).to_string().replace('-', "−");
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
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// The size of all text in a plot: on a column of 720 pixels about that of the prose.
pub(crate) const TEXT: f64 = 18.0;

impl<'a, 'b> Plot<'a, 'b> {
    /// Draws the axes; `right` pixels stay free for the labels at the ends of the lines.
    pub(crate) fn new(area: &'a Area<'b>, x: Axis, y: Axis, right: f64) -> Self {
        let (width, height) = size(area);
        let plot = Self { area, x, y, left: 66.0, right: width - right, top: 42.0, bottom: height - 58.0 };
        for &tick in &plot.y.ticks {
            let y = plot.pixel_y((tick - plot.y.from) / (plot.y.to - plot.y.from));
            line(area, &[(plot.left, y), (plot.right, y)], Ink::Grid, 1.0);
            text(area, &plot.y.tick_text(tick), (plot.left, y), Side::Left, TEXT, Ink::Muted);
        }
        for &tick in &plot.x.ticks {
            let x = plot.pixel_x((tick - plot.x.from) / (plot.x.to - plot.x.from));
            line(area, &[(x, plot.bottom), (x, plot.bottom + 5.0)], Ink::Muted, 1.0);
            text(area, &plot.x.tick_text(tick), (x, plot.bottom + 3.0), Side::Below, TEXT, Ink::Muted);
        }
        line(area, &[(plot.left, plot.bottom), (plot.right, plot.bottom)], Ink::Muted, 1.0);
        // The name of the upright axis lies flat above it, so that nobody has to turn the head.
        text(area, plot.y.name, (plot.left - 58.0, 16.0), Side::Right, TEXT, Ink::Text);
        text(area, plot.x.name, ((plot.left + plot.right) / 2.0, height - 27.0), Side::Below, TEXT, Ink::Text);
        plot
    }

    fn pixel_x(&self, place: f64) -> f64 {
        self.left + (self.right - self.left) * place
    }

    fn pixel_y(&self, place: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * place
    }

    /// The pixel of a point; `None` where an axis has no place for it.
    fn pixel(&self, (x, y): (f64, f64)) -> Option<Point> {
        Some((self.pixel_x(self.x.place(x)?), self.pixel_y(self.y.place(y)?)))
    }

    /// The pixel of a point that the caller chose and that the axes must have.
    fn chosen(&self, at: (f64, f64)) -> Point {
        self.pixel(at).unwrap_or_else(|| panic!("({}, {}) has no place on these axes", at.0, at.1))
    }

    /// A line through points. Where a point has no place the line ends with a cross on the floor: it is not drawn as if it
    /// were a small number.
    pub(crate) fn line(&self, xs: &[f64], ys: &[f64], ink: Ink) {
        let pixels: Vec<_> = xs.iter().zip(ys).map(|(&x, &y)| self.pixel((x, y))).collect();
        for run in pixels.split(Option::is_none).filter(|run| run.len() > 1) {
            line(self.area, &run.iter().flatten().copied().collect::<Vec<_>>(), ink, 2.5);
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
        dashes(self.area, &points, ink, 1.75);
    }

    /// A dot at each point that has a place.
    pub(crate) fn dots(&self, xs: &[f64], ys: &[f64], ink: Ink) {
        for pixel in xs.iter().zip(ys).filter_map(|(&x, &y)| self.pixel((x, y))) {
            dot(self.area, pixel, 4.5, ink);
        }
    }

    /// A name right of each point, moved up or down where two would overlap. What has no place is named at the floor.
    pub(crate) fn names(&self, points: &[(&str, (f64, f64), Ink)]) {
        const APART: f64 = TEXT + 4.0;
        let pixel = |at: (f64, f64)| self.pixel(at).unwrap_or((self.right, self.bottom));
        let mut names: Vec<_> = points.iter().map(|(name, at, ink)| (*name, pixel(*at), *ink)).collect();
        names.sort_by(|(_, (_, above), _), (_, (_, below), _)| above.total_cmp(below));
        // From the top down each name keeps its distance; then, from the bottom up, all come back onto the sheet.
        for k in 1..names.len() {
            names[k].1.1 = names[k].1.1.max(names[k - 1].1.1 + APART);
        }
        let mut lowest = self.bottom;
        for (_, (_, y), _) in names.iter_mut().rev() {
            *y = y.min(lowest);
            lowest = *y - APART;
        }
        for (name, at, ink) in names {
            text(self.area, name, at, Side::Right, TEXT, ink);
        }
    }

    /// Dots with a rim of the ground's colour, to be told from the bars that they lie on.
    pub(crate) fn dots_on_bars(&self, xs: &[f64], ys: &[f64], ink: Ink) {
        for pixel in xs.iter().zip(ys).filter_map(|(&x, &y)| self.pixel((x, y))) {
            dot(self.area, pixel, 6.5, Ink::Paper);
            dot(self.area, pixel, 4.5, ink);
        }
    }

    /// A bar from `low` to `high` with a gap at `middle`: where most of a distribution lies, and its median.
    pub(crate) fn range(&self, x: f64, [low, middle, high]: [f64; 3], ink: Ink) {
        let [low, middle, high] = [low, middle, high].map(|y| self.chosen((x, y)));
        line(self.area, &[low, high], ink, 12.0);
        line(self.area, &[(middle.0 - 6.0, middle.1), (middle.0 + 6.0, middle.1)], Ink::Paper, 2.5);
    }

    /// A filled cell between two opposite corners, cut off at the axes; `shade` from 0, nothing, to 1, all of the ink.
    pub(crate) fn cell(&self, from: (f64, f64), to: (f64, f64), ink: Ink, shade: f64) {
        let corner = |(x, y): (f64, f64)| {
            let place = |axis: &Axis, value: f64| axis.place(value).map(|place| place.clamp(0.0, 1.0));
            Some((self.pixel_x(place(&self.x, x)?), self.pixel_y(place(&self.y, y)?)))
        };
        if let (Some(from), Some(to)) = (corner(from), corner(to)) {
            rectangle(self.area, from, to, ink, shade);
        }
    }

    /// A bar from the floor up to `height`, between two values of the other axis.
    pub(crate) fn bar(&self, from: f64, to: f64, height: f64, ink: Ink) {
        if let Some(((left, top), (right, _))) = self.pixel((from, height)).zip(self.pixel((to, height))) {
            rectangle(self.area, (left, top), (right, self.bottom), ink, 0.35);
        }
    }

    fn cross(&self, (x, y): Point, ink: Ink) {
        line(self.area, &[(x - 5.0, y - 5.0), (x + 5.0, y + 5.0)], ink, 2.0);
        line(self.area, &[(x - 5.0, y + 5.0), (x + 5.0, y - 5.0)], ink, 2.0);
    }

    /// A text beside a point.
    pub(crate) fn label(&self, content: &str, at: (f64, f64), side: Side, ink: Ink) {
        text(self.area, content, self.chosen(at), side, TEXT, ink);
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
                let plot = Plot::new(area, Axis::linear(0.0, 4.0, 1.0, "x"), Axis::logarithmic(-4, 0, 1, "y"), 20.0);
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
