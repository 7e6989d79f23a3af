// Colours Rust, the language of this book, in the place of mdBook's highlight.js, which knows fifty and weighs 137 kB. It has the two
// functions that mdBook's book.js calls, and highlight.js's names for the classes, which workbook.css gives colours to.
window.hljs = (() => {
    const keywords = "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub "
        + "ref return self static struct super trait type unsafe use where while Self";
    const kinds = {
        comment: String.raw`\/\/.*|\/\*[^]*?\*\/`,
        string: String.raw`\bb?r(?<hashes>#*)"[^]*?"\k<hashes>|b?"(?:\\[^]|[^"\\])*"|b?'(?:\\[^']+|[^'\\\n])'`,
        symbol: String.raw`'[a-z_]\w*`,
        meta: String.raw`#!?\[[^\]]*\]`,
        number: String.raw`\b(?:0x[\da-f_]+|0b[01_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)(?:[iu](?:\d+|size)|f32|f64)?\b`,
        title: String.raw`(?<=\b(?:fn|struct|enum|trait|mod)\s+)\w+`,
        keyword: String.raw`\b(?:${keywords.replaceAll(" ", "|")})\b`,
        literal: String.raw`\b(?:true|false|Some|None|Ok|Err)\b`,
        built_in: String.raw`\b\w+!(?=[(\[{])|\b(?:[iu](?:\d+|size)|f32|f64|bool|char|str)\b|\b[A-Z]\w*[a-z]\w*\b`,
    };
    const token = new RegExp(Object.entries(kinds).map(([kind, pattern]) => `(?<${kind}>${pattern})`).join("|"), "g");

    function coloured(text) {
        const result = document.createDocumentFragment();
        let end = 0;
        for (const match of text.matchAll(token)) {
            const span = document.createElement("span");
            span.className = `hljs-${Object.keys(kinds).find((kind) => match.groups[kind] !== undefined)}`;
            span.textContent = match[0];
            result.append(text.slice(end, match.index), span);
            end = match.index + match[0].length;
        }
        result.append(text.slice(end));
        return result;
    }

    function highlightBlock(block) {
        if (!block.classList.contains("language-rust")) return;
        // One text after the other: a line that is hidden is an element, and remains one.
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        const texts = [];
        while (walker.nextNode()) texts.push(walker.currentNode);
        for (const text of texts) text.replaceWith(coloured(text.data));
    }

    return { configure() {}, highlightBlock };
})();
