//! A sweep as a drawing: lines, bands, dots and marks. Knows charts, neither the page nor colours.
//!
//! Both axes run from 0 to [`SIZE`]; y points down, as on a screen. The x axis is that of the parameter's
//! slider: all points are equally far apart, so it is finer where the slider is.

use std::fmt::Write;

use engine::number::{magnitude, within};
use lab::metrics::Unit;

use crate::sweep::{Band, Chart, Point, Series};

/// The length of both axes. Whole numbers are fine enough, and short to write.
pub const SIZE: f64 = 10_000.0;

/// From this ratio of the greatest number to the least, the y axis is logarithmic.
const LEAST_RATIO: f64 = 50.0;

/// The most ticks along an even axis.
const MOST_TICKS: f64 = 6.0;

/// A chart, ready to be drawn. All positions are in units of the axes.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    /// The x of each point.
    pub xs: Vec<f64>,
    /// Round values of the parameter; empty for a choice.
    pub x_ticks: Vec<Tick>,
    /// Round values of the metric.
    pub y_ticks: Vec<Tick>,
    /// One line for each strategy, in the chart's order.
    pub lines: Vec<Line>,
    /// The x and y of the best point.
    pub best: Option<(f64, f64)>,
    /// The x at which each crossover begins and ends.
    pub crossovers: Vec<(f64, f64)>,
}

/// A round value on an axis.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tick {
    /// Its position on the axis.
    pub at: f64,
    /// The value there.
    pub value: f64,
}

/// One strategy, as SVG path data. Each is empty where there is nothing to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Line {
    /// From point to point, with gaps where the work was not done. Empty for a choice, whose options have no
    /// order.
    pub path: String,
    /// A dot for each point.
    pub dots: String,
    /// The area between the least and the greatest of all seeds. Empty where chance plays no part.
    pub band: String,
}

/// The metric at a point; `None` unless all its work was done.
fn number(point: &Point) -> Option<Band> {
    point.y.filter(|_| point.is_complete)
}

/// The drawing of a chart; `None` if no point has a number.
pub fn picture(chart: &Chart) -> Option<Picture> {
    let points = || chart.series.iter().flat_map(|series| series.points.iter().filter_map(number));
    let least = points().map(|band| band.low).min_by(f64::total_cmp)?;
    let most = points().map(|band| band.high).max_by(f64::total_cmp)?;
    let scale = Scale::of(least, most);
    let params: Vec<f64> = chart.series.first()?.points.iter().map(|point| point.x).collect();
    let is_choice = !chart.options.is_empty();
    let last = params.len().saturating_sub(1).max(1) as f64;
    let xs: Vec<f64> = (0..params.len()).map(|index| SIZE * index as f64 / last).collect();
    let place = |x: f64| place(&params, x);
    let best = chart.best.as_ref().and_then(|best| Some((place(best.x)?, scale.place(best.y))));
    let crossover = |from: f64, to: f64| Some((place(from)?, place(to)?));
    let ticks = if is_choice { Vec::new() } else { round(&params) };
    Some(Picture {
        lines: chart.series.iter().map(|series| line(series, &xs, &scale, !is_choice)).collect(),
        x_ticks: ticks.into_iter().filter_map(|value| Some(Tick { at: place(value)?, value })).collect(),
        y_ticks: scale.ticks(round_unit(chart.unit, most)),
        crossovers: chart.crossovers.iter().filter_map(|one| crossover(one.from, one.to)).collect(),
        best,
        xs,
    })
}

/// The x of a value of the parameter among the values that were swept; `None` outside their range.
pub fn place(params: &[f64], value: f64) -> Option<f64> {
    let last = params.len().checked_sub(1)?;
    let after = params.partition_point(|one| *one < value);
    let upper = *params.get(after)?;
    if upper == value || after == 0 {
        return (upper == value).then(|| SIZE * after as f64 / last.max(1) as f64);
    }
    let lower = params[after - 1];
    Some(SIZE * ((after - 1) as f64 + (value - lower) / (upper - lower)) / last as f64)
}

fn line(series: &Series, xs: &[f64], scale: &Scale, is_joined: bool) -> Line {
    let mut line = Line::default();
    let mut stretch: Vec<(f64, Band)> = Vec::new();
    for (point, x) in series.points.iter().zip(xs) {
        match number(point) {
            Some(band) => {
                write_point(&mut line.dots, 'M', *x, scale.place(band.mid));
                line.dots.push_str("h0");
                if is_joined {
                    let step = if stretch.is_empty() { 'M' } else { 'L' };
                    write_point(&mut line.path, step, *x, scale.place(band.mid));
                }
                stretch.push((*x, band));
            }
            None => write_band(&mut line.band, &std::mem::take(&mut stretch), scale, series.is_random),
        }
    }
    write_band(&mut line.band, &stretch, scale, series.is_random);
    line
}

/// Along the upper edge and back along the lower one.
fn write_band(path: &mut String, stretch: &[(f64, Band)], scale: &Scale, is_random: bool) {
    if !is_random || stretch.len() < 2 {
        return;
    }
    let upper = stretch.iter().map(|(x, band)| (*x, band.high));
    let lower = stretch.iter().rev().map(|(x, band)| (*x, band.low));
    for (index, (x, y)) in upper.chain(lower).enumerate() {
        write_point(path, if index == 0 { 'M' } else { 'L' }, x, scale.place(y));
    }
    path.push('Z');
}

fn write_point(path: &mut String, step: char, x: f64, y: f64) {
    // Writing to a string cannot fail.
    let _ = write!(path, "{step}{} {}", x.round() as i32, y.round() as i32);
}

/// Maps numbers to heights.
#[derive(Clone, Copy, Debug)]
struct Scale {
    least: f64,
    most: f64,
    is_logarithmic: bool,
}

impl Scale {
    /// A scale for all numbers between these. Unless it is logarithmic, it begins at zero.
    fn of(least: f64, most: f64) -> Scale {
        let most = if most > 0.0 { most } else { 1.0 };
        let is_logarithmic = least > 0.0 && most >= LEAST_RATIO * least;
        Scale { least: if is_logarithmic { least } else { 0.0 }, most, is_logarithmic }
    }

    fn place(&self, number: f64) -> f64 {
        let share = if self.is_logarithmic {
            (number / self.least).ln() / (self.most / self.least).ln()
        } else {
            (number - self.least) / (self.most - self.least)
        };
        SIZE * (1.0 - within(share, 0.0, 1.0))
    }

    fn ticks(&self, unit: f64) -> Vec<Tick> {
        let values = if self.is_logarithmic {
            powers(self.least, self.most)
        } else {
            even(self.least / unit, self.most / unit).into_iter().map(|value| value * unit).collect()
        };
        values.into_iter().map(|value| Tick { at: self.place(value), value }).collect()
    }
}

/// What round numbers are multiples of: long times are shown in minutes and hours.
fn round_unit(unit: Unit, most: f64) -> f64 {
    const MINUTE_MS: f64 = 60_000.0;
    const HOUR_MS: f64 = 60.0 * MINUTE_MS;
    match unit {
        Unit::Ms if most >= HOUR_MS => HOUR_MS,
        Unit::Ms if most >= MINUTE_MS => MINUTE_MS,
        _ => 1.0,
    }
}

/// Round values within a parameter's range: evenly spaced, or powers of ten where the parameter's steps grow.
fn round(params: &[f64]) -> Vec<f64> {
    let (Some(first), Some(last)) = (params.first(), params.last()) else { return Vec::new() };
    let steps: Vec<f64> = params.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let is_even = steps.last().zip(steps.first()).is_none_or(|(last, first)| *last <= 3.0 * *first);
    if is_even { even(*first, *last) } else { powers(first.max(1.0), *last) }
}

/// A few evenly spaced round values from `least` to `most`.
fn even(least: f64, most: f64) -> Vec<f64> {
    let rough = (most - least) / MOST_TICKS;
    let (power, _) = magnitude(rough, -9);
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let first = (least / step).ceil() as i64;
    let last = (most / step + 1e-9).floor() as i64;
    (first..=last).map(|number| number as f64 * step).collect()
}

/// Powers of ten from `least` to `most`; where there are few, twice and five times each as well.
fn powers(least: f64, most: f64) -> Vec<f64> {
    let (mut power, _) = magnitude(least, -9);
    let mut found = Vec::new();
    while power <= most {
        found.extend([1.0, 2.0, 5.0].map(|factor| (factor, factor * power)));
        power *= 10.0;
    }
    found.retain(|(_, value)| *value >= least && *value <= most);
    let is_few = found.len() as f64 <= MOST_TICKS;
    found.into_iter().filter(|(factor, _)| is_few || *factor == 1.0).map(|(_, value)| value).collect()
}
