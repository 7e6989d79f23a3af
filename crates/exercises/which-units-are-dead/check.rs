mod answer;

use exercises::Checks;

type Count = fn(&[Vec<f64>]) -> usize;

fn zero(slope: &f64) -> bool {
    *slope == 0.0
}

/// How many units `is_dead`, given their slopes example by example.
fn count(slopes: &[Vec<f64>], is_dead: fn(Vec<f64>) -> bool) -> usize {
    let unit = |j: usize| slopes.iter().map(|row| row[j]).collect();
    (0..slopes.first().map_or(0, Vec::len)).filter(|&j| is_dead(unit(j))).count()
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("no slope but 0, unit by unit", || {
        answer::test(|slopes| count(slopes, |unit| unit.iter().all(zero)));
    });
    checks.passes("no example is left that has a slope", || {
        answer::test(|slopes| count(slopes, |unit| !unit.iter().any(|slope| *slope != 0.0)));
    });
    let wrong: [(&str, Count); 7] = [
        ("rows taken for units", |slopes| slopes.iter().filter(|row| row.iter().all(zero)).count()),
        ("off for one example is enough", |slopes| count(slopes, |unit| unit.contains(&0.0))),
        ("the first example alone", |slopes| slopes[0].iter().filter(|s| zero(s)).count()),
        ("slopes that add up to 0", |slopes| count(slopes, |unit| zero(&unit.iter().sum()))),
        ("below 0 counts as 0", |slopes| count(slopes, |unit| unit.iter().all(|s| *s <= 0.0))),
        ("saturated, below a hundredth, counts as dead", |slopes| {
            count(slopes, |unit| unit.iter().all(|slope| slope.abs() < 0.01))
        }),
        ("all zeros, divided by the number of examples", |slopes| {
            slopes.iter().flatten().filter(|slope| **slope == 0.0).count() / slopes.len()
        }),
    ];
    for (what, dead) in wrong {
        checks.kills(what, || answer::test(dead));
    }
    checks.finish()
}
