// Looks at the page it runs in and gives back its faults, one line each. Runs after axe.min.js.
async function inspect({ mathFont, axe: runOnly, notAgain }) {
  const faults = [];
  const line = (text) => text.replace(/\s+/g, " ").trim();
  const tag = (element) => line(element.cloneNode(false).outerHTML.replace(/<\/[^<]*>$/, "")).slice(0, 160);

  await settle();
  checkWidth();
  checkFormulas();
  checkPictures();
  if (runOnly) await checkWithAxe();
  return faults;

  // Shows what a reader can unfold, fetches what waits for scrolling, and lets the page be laid out and painted.
  async function settle() {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const image of document.images) image.loading = "eager";
    await Promise.allSettled(Array.from(document.images, (image) => image.decode()));
    await document.fonts.ready;
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  }

  function checkWidth() {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth <= clientWidth) return;
    // The element that reaches furthest to the right; of several, the innermost.
    let widest = document.body;
    let furthest = 0;
    for (const element of document.body.querySelectorAll("*")) {
      if (isInsideScroller(element)) continue;
      const { left, width } = element.getBoundingClientRect();
      // What scrolls keeps its content to itself.
      const scrolls = getComputedStyle(element).overflowX !== "visible";
      const reach = left + (scrolls ? width : Math.max(width, element.scrollWidth));
      if (width > 0 && reach >= furthest) [widest, furthest] = [element, reach];
    }
    const width = Math.max(widest.getBoundingClientRect().width, widest.scrollWidth);
    faults.push(`overflow: ${tag(widest)} is ${Math.ceil(width)} px wide and reaches to ` +
      `${Math.ceil(furthest)} px; the page scrolls to ${scrollWidth} px in ${clientWidth}`);
  }

  function isInsideScroller(element) {
    for (let outer = element.parentElement; outer !== document.body; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowX !== "visible") return true;
    }
    return false;
  }

  function checkFormulas() {
    const formulas = Array.from(document.querySelectorAll("math"));
    for (const formula of formulas) {
      const source = line(formula.textContent).slice(0, 60);
      const { width, height } = formula.getBoundingClientRect();
      if (width === 0 || height === 0) faults.push(`formula: not visible: ${source}`);
      const family = firstFamily(formula);
      if (family !== mathFont) faults.push(`formula: set in ${family}, not in ${mathFont}: ${source}`);
    }
    // `document.fonts.check` is also true of a font that no style sheet declares.
    const isLoaded = (face) => face.family.replaceAll('"', "") === mathFont && face.status === "loaded";
    if (formulas.length > 0 && !Array.from(document.fonts).some(isLoaded)) {
      faults.push(`formula: the font ${mathFont} is not loaded`);
    }
    for (const error of document.querySelectorAll("merror")) {
      faults.push(`formula: not understood: ${line(error.textContent).slice(0, 60)}`);
    }
    checkForDollars();
  }

  function firstFamily(element) {
    return getComputedStyle(element).fontFamily.split(",")[0].replaceAll('"', "").trim();
  }

  function checkForDollars() {
    const notProse = "code, pre, samp, script, style, noscript, annotation";
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode;
      if (data.includes("$") && !parentElement.closest(notProse) && parentElement.checkVisibility()) {
        const start = Math.max(0, data.indexOf("$") - 20);
        faults.push(`formula: a $ is left in the text: ${line(data.slice(start, start + 60))}`);
      }
    }
  }

  function checkPictures() {
    for (const image of document.images) {
      if (!image.alt.trim()) faults.push(`picture: no alt text: ${tag(image)}`);
      if (image.naturalWidth === 0) faults.push(`picture: not shown: ${tag(image)}`);
    }
    for (const svg of document.querySelectorAll("svg[role=img]")) {
      if (!svgName(svg)) faults.push(`picture: no label: ${tag(svg)}`);
    }
  }

  function svgName(svg) {
    const ids = (svg.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const labels = ids.map((id) => document.getElementById(id)?.textContent ?? "");
    const title = svg.querySelector(":scope > title")?.textContent ?? "";
    return [svg.getAttribute("aria-label") ?? "", ...labels, title].join("").trim();
  }

  async function checkWithAxe() {
    const { violations } = await axe.run({ include: [document], exclude: notAgain }, { runOnly, resultTypes: ["violations"], preload: false, performanceTimer: false });
    for (const { id, impact, help, nodes } of violations) {
      const first = nodes.slice(0, 3).map((node) => `${node.target.join(" ")} (${node.failureSummary})`);
      const more = nodes.length > 3 ? `; and ${nodes.length - 3} more` : "";
      faults.push(line(`axe ${id} (${impact}): ${help}: ${first.join("; ")}${more}`));
    }
  }
}
