// Which characters the page sets in which font, weight and style: a list of [style, characters].
function characters() {
  const italics = [[0x41, 0x5a, 0x1d434], [0x61, 0x7a, 0x1d44e], [0x391, 0x3a9, 0x1d6e2], [0x3b1, 0x3c9, 0x1d6fc]];
  const odd = { h: "ℎ", "∇": "𝛻", "∂": "𝜕", "ϵ": "𝜖", "ϑ": "𝜗", "ϰ": "𝜘", "ϕ": "𝜙", "ϱ": "𝜚", "ϖ": "𝜛", "ı": "𝚤", "ȷ": "𝚥" };
  const found = new Map();
  const add = ({ fontFamily, fontWeight, fontStyle }, text) => {
    const style = `${fontStyle} ${fontWeight} 20px ${fontFamily}`;
    if (!found.has(style)) found.set(style, new Set());
    for (const character of text) if (!" \n\t".includes(character)) found.get(style).add(character);
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (parentElement.closest("script, style, template, noscript")) continue;
    const style = getComputedStyle(parentElement);
    add(style, style.textTransform === "math-auto" ? slanted(data) : data);
  }
  // What appears under the pointer is set as the programs are.
  const programs = getComputedStyle(document.querySelector("pre > code, pre > samp") ?? document.body);
  for (const { dataset } of document.querySelectorAll("[data-receipt]")) add(programs, dataset.receipt);
  // A root has its sign without a text.
  for (const root of document.querySelectorAll("msqrt, mroot")) add(getComputedStyle(root), "√");
  return Array.from(found, ([style, set]) => [style, Array.from(set).join("")]);

  // MathML slants a variable of one letter by another letter.
  function slanted(text) {
    if (Array.from(text).length !== 1) return text;
    if (odd[text]) return odd[text];
    const code = text.codePointAt(0);
    const range = italics.find(([first, last]) => first <= code && code <= last);
    return range ? String.fromCodePoint(code - range[0] + range[2]) : text;
  }
}
