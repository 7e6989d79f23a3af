//! One thing per layer, counted as the chapters count.

use std::ops::{Index, IndexMut};

/// One `T` per layer. Layers count from 1 to L, so that `delta[l]` in the code is δˡ in the chapter.
#[derive(Clone, Debug, PartialEq)]
pub struct Layers<T>(Vec<T>);

impl<T> Layers<T> {
    /// L, the number of layers.
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// From layer 1 to layer L.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// From layer 1 to layer L, to change.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// Layer `l` and, unless it is the first, the layer before it.
    pub(crate) fn with_previous(&mut self, l: usize) -> (Option<&mut T>, &mut T) {
        let (before, from) = self.0.split_at_mut(l - 1);
        (before.last_mut(), &mut from[0])
    }
}

impl<T> FromIterator<T> for Layers<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

/// # Panics
///
/// Unless `1 <= l <= depth()`.
impl<T> Index<usize> for Layers<T> {
    type Output = T;

    fn index(&self, l: usize) -> &T {
        assert!((1..=self.0.len()).contains(&l), "layers count from 1 to {}; there is no layer {l}", self.0.len());
        &self.0[l - 1]
    }
}

impl<T> IndexMut<usize> for Layers<T> {
    fn index_mut(&mut self, l: usize) -> &mut T {
        assert!((1..=self.0.len()).contains(&l), "layers count from 1 to {}; there is no layer {l}", self.0.len());
        &mut self.0[l - 1]
    }
}

impl<'a, T> IntoIterator for &'a Layers<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_count_from_one() {
        let layers: Layers<char> = "abc".chars().collect();
        assert_eq!((layers[1], layers[3], layers.depth()), ('a', 'c', 3));
    }

    #[test]
    #[should_panic(expected = "there is no layer 0")]
    fn there_is_no_layer_zero() {
        let layers: Layers<char> = "abc".chars().collect();
        let _ = layers[0];
    }
}
