use experiments::low_precision::Precision;
use experiments::mixed_precision::Storage;
use vanishing::Format::Bf16;

fn main() {
    let ends = [0.2, 0.02].map(|learning_rate| {
        let training = Precision { learning_rate, ..Precision::default() };
        let bf16 = [Storage::all(Bf16)];
        let courses = training.trainings(&bf16).expect("it can be built");
        let course = &courses[0];
        let loss = *course.losses.last().expect("there was a step");
        let steps = course.moved.len() - 1;
        println!("{learning_rate}: {steps} steps, loss {loss:.2}");
        (steps, loss)
    });
    let when = if ends[1].0 < ends[0].0 { "sooner" } else { "later" };
    let at = if ends[1].1 < ends[0].1 { "lower" } else { "higher" };
    println!("{when} with a {at} loss");
}
