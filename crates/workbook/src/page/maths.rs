//! TeX to MathML, at build time: no script in the page, and a formula that doesn't parse stops the build.

use super::{Maths, Page, html};
use crate::Problem;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

impl Page {
    /// The formula as MathML that may stand inside Markdown.
    pub(super) fn mathml(&self, maths: &Maths) -> Result<String, Problem> {
        let line = self.line(maths.range.start);
        let converter = LatexToMathML::new(MathCoreConfig::default())
            .map_err(|_| Problem::new(self.file(), line, "the TeX converter has no valid configuration"))?;
        let display = if maths.display { MathDisplay::Block } else { MathDisplay::Inline };
        let result = converter.convert_with_local_state(&maths.tex, display).map_err(|error| {
            let tex = maths.tex.trim();
            Problem::new(self.file(), line, format!("the formula {tex} is not TeX that we can set: {error}"))
        })?;
        Ok(html::shield(&result.mathml))
    }
}
