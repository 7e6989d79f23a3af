//! Chooses the learning rates of page 28 once more: some five hundred trainings.
//!
//! ```sh
//! cargo run -p experiments --example learning_rates
//! ```

use experiments::dataset::Data;
use experiments::remedies::REMEDIES;
use std::process::ExitCode;

fn main() -> ExitCode {
    let digits = Data::Digits.load().expect("the digits that were compiled in are whole");
    let mut differ = 0;
    for remedy in REMEDIES {
        let rates = remedy.rates(&digits).expect("every network can be built");
        let best = rates.iter().max_by(|one, other| one.1.total_cmp(&other.1)).expect("there are rates to choose from");
        let shares: Vec<_> = rates.iter().map(|(rate, share)| format!("{rate}: {:.1} %", 100.0 * share)).collect();
        println!("{:>22}  {}", remedy.name, shares.join("  "));
        if best.0 != remedy.learning_rate {
            println!("{:>22}  found {}, expected {} as in the book", "", best.0, remedy.learning_rate);
            differ += 1;
        }
    }
    if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
