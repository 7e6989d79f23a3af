// The page at work: programs are edited and run in it, exercises are checked, and edits and progress are kept. `head.hbs` fetches it for a
// page that is served, and elsewhere once a reader wants to run something.
//
// A page that `cargo book serve` serves has a token in it, and runs everything against the book's own crates. Anywhere else the outputs
// are the recorded ones, and a program that needs nothing but the standard library can be sent to the public playground.
(() => {
    const served = document.querySelector("meta[name=workbench]");
    // The page to print has every program of the book.
    if (location.pathname.endsWith("/print.html")) return;

    // ---- What is kept in the browser ------------------------------------------------------------------------------------------------

    // A browser can be told to keep nothing; then edits last as long as the page.
    const kept = {
        prefix: "vanishing-gradients/",
        read(key) {
            try {
                return JSON.parse(localStorage.getItem(this.prefix + key));
            } catch {
                return null;
            }
        },
        write(key, value) {
            try {
                localStorage.setItem(this.prefix + key, JSON.stringify(value));
            } catch {}
        },
        remove(key) {
            try {
                localStorage.removeItem(this.prefix + key);
            } catch {}
        },
        keys(beginning) {
            try {
                const all = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix + beginning));
                return all.map((key) => key.slice(this.prefix.length));
            } catch {
                return [];
            }
        },
    };

    // ---- Asking -----------------------------------------------------------------------------------------------------------------------

    async function ask(what, body, signal) {
        const headers = { "Content-Type": "application/json", "X-Workbench-Token": served.content };
        const response = await fetch(`/workbench/${what}`, { method: "POST", headers, body: JSON.stringify(body), signal });
        const answer = await response.json();
        if (!response.ok) throw new Error(answer.error);
        return answer;
    }

    // What mdBook's own button would do.
    async function askPlayground(code, signal) {
        const body = JSON.stringify({ version: "stable", optimize: "0", edition: "2024", code });
        const headers = { "Content-Type": "application/json" };
        const response = await fetch("https://play.rust-lang.org/evaluate.json", { method: "POST", mode: "cors", headers, body, signal });
        const { result, error } = await response.json();
        if (error) throw new Error(error);
        return { end: "well", message: "", stdout: result, stderr: "", diagnostics: [], line: null };
    }

    function problem(error) {
        if (error.name === "AbortError") return "Stopped.";
        if (!(error instanceof TypeError)) return `Not run: ${error.message}.`;
        return served ? "Not run: the server doesn't answer. Is cargo book serve still running?" : "Not run: play.rust-lang.org doesn't answer.";
    }

    // ---- Building ---------------------------------------------------------------------------------------------------------------------

    function make(tag, properties = {}, ...children) {
        const element = Object.assign(document.createElement(tag), properties);
        element.append(...children);
        return element;
    }

    // A program that can be edited: a textarea in front of the coloured text, which takes the space.
    class Editor {
        constructor(pre, label) {
            this.code = pre.querySelector("code");
            this.original = this.code.textContent;
            this.area = make("textarea", { className: "editor-area", spellcheck: false, autocomplete: "off", value: this.original });
            for (const [name, value] of [["aria-label", label], ["autocapitalize", "off"], ["autocorrect", "off"], ["wrap", "off"]]) {
                this.area.setAttribute(name, value);
            }
            this.box = make("div", { className: "editor" });
            this.code.replaceWith(this.box);
            this.box.append(this.code, this.area);
            this.changed = () => {};
            this.area.addEventListener("input", () => this.update());
            this.area.addEventListener("keydown", (event) => this.key(event));
        }

        get text() {
            return this.area.value;
        }

        // What was there when the page was opened.
        restore(text) {
            this.area.value = text;
            this.update();
        }

        // As if it had been typed, so that the browser can undo it. Then the caret is there.
        replace(text) {
            this.area.focus({ preventScroll: true });
            if (text === this.text) return;
            this.area.select();
            if (!document.execCommand("insertText", false, text)) this.area.value = text;
            this.area.setSelectionRange(0, 0);
            this.update();
        }

        update() {
            // An empty last line takes space only if something is in it.
            this.code.textContent = this.text.endsWith("\n") ? `${this.text} ` : this.text;
            window.hljs?.highlightBlock(this.code);
            this.mark([]);
            this.changed();
        }

        key(event) {
            if (event.key !== "Enter" || event.altKey || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            if (event.ctrlKey || event.metaKey) return this.run?.();
            const { selectionStart: start, selectionEnd: end } = this.area;
            const before = this.text.slice(0, start);
            const indent = before.slice(before.lastIndexOf("\n") + 1).match(/^\s*/)[0];
            const opens = /[{([]\s*$/.test(before);
            const closes = opens && /^[})\]]/.test(this.text.slice(end));
            const line = `\n${indent}${opens ? "    " : ""}`;
            document.execCommand("insertText", false, closes ? `${line}\n${indent}` : line);
            this.area.setSelectionRange(start + line.length, start + line.length);
        }

        mark(lines) {
            for (const old of this.box.querySelectorAll(".error-line")) old.remove();
            const { paddingTop, lineHeight } = getComputedStyle(this.code);
            for (const line of new Set(lines)) {
                const top = parseFloat(paddingTop) + (line - 1) * parseFloat(lineHeight);
                const mark = make("span", { className: "error-line" });
                Object.assign(mark.style, { top: `${top}px`, height: lineHeight });
                this.box.prepend(mark);
            }
        }

        go(line, column) {
            const start = this.text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
            this.area.focus();
            this.area.setSelectionRange(start + column - 1, start + column - 1);
        }
    }

    // Something printed, plots among it drawn. As a picture a drawing can do nothing but be seen.
    function printed(text, label, recorded) {
        const block = make("div", { className: "output" }, make("p", { className: "output-label" }, label));
        const expected = recorded?.split("\n");
        let at = 0;
        const parts = text.includes("</svg>") ? text.split(/(<svg[\s>][^]*?<\/svg>)/) : [text];
        for (const [k, part] of parts.entries()) {
            if (k % 2) {
                const src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(part)}`;
                block.append(make("img", { className: "drawn", src, alt: "The plot that the program drew" }));
            } else if (part.trim()) {
                const samp = make("samp");
                for (const line of part.replace(/\n$/, "").split("\n")) {
                    const differs = expected && line.trimEnd() !== (expected[at] ?? "").trimEnd();
                    samp.append(make("span", { className: differs ? "line differs" : "line" }, line), "\n");
                    at += 1;
                }
                block.append(scroller(label, samp));
            }
        }
        return block;
    }

    function scroller(label, ...children) {
        const pre = make("pre", { tabIndex: 0 }, ...children);
        // An arrow scrolls it, and turns no page.
        pre.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
        pre.setAttribute("role", "group");
        pre.setAttribute("aria-label", label);
        return pre;
    }

    // What became of a program: a sentence that is read out, and below it everything there is to see.
    class Result {
        constructor() {
            this.status = make("p", { className: "result-status" });
            this.status.setAttribute("role", "status");
            this.rest = make("div");
            this.box = make("div", { className: "result", hidden: true }, this.status, this.rest);
        }

        say(text, kind = "") {
            this.box.hidden = false;
            this.box.dataset.kind = kind;
            this.status.textContent = text;
            this.rest.replaceChildren();
        }

        clear() {
            this.box.hidden = true;
        }

        trial(trial, editor, recorded) {
            for (const { message, file, line, column, rendered } of trial.diagnostics) {
                const own = file === "snippet.rs" || file === "answer.rs";
                const where = own && editor && line
                    ? make("button", { type: "button", className: "link", onclick: () => editor.go(line, column) }, `line ${line}`)
                    : `in ${file}`;
                const label = make("p", { className: "output-label" }, "the compiler, ", where);
                this.rest.append(make("div", { className: "output error" }, label, scroller(message, make("samp", {}, rendered))));
            }
            if (trial.stdout.trim()) this.rest.append(printed(trial.stdout, "prints now", recorded));
            if (trial.stderr) {
                const block = printed(trial.stderr, trial.end === "panicked" ? "the panic" : "as an error it prints");
                block.classList.add("error");
                if (trial.line && editor) {
                    const go = () => editor.go(trial.line, 1);
                    const link = make("button", { type: "button", className: "link", onclick: go }, `line ${trial.line}`);
                    block.firstChild.append(", ", link);
                }
                this.rest.append(block);
            }
            const lines = trial.diagnostics.filter(({ file }) => file !== "check.rs").map(({ line }) => line);
            editor?.mark(trial.line ? [trial.line] : lines);
        }
    }

    function place() {
        if (!served) return "on play.rust-lang.org";
        const { writes, processes } = served.dataset;
        return writes === "true" && processes === "true" ? "confined: it can't write outside its own folder" : "not confined: this system can't";
    }

    // A button that runs something, and stops it while it runs.
    function runner(words, work) {
        let stop = null;
        let since = 0;
        const button = make("button", { type: "button", className: "run" }, words);
        button.stop = () => stop?.abort();
        button.addEventListener("click", async () => {
            // The second half of a double click is meant for nobody.
            if (stop) return performance.now() - since > 400 && stop.abort();
            stop = new AbortController();
            since = performance.now();
            button.textContent = "Stop";
            try {
                await work(stop.signal);
            } finally {
                stop = null;
                button.textContent = words;
            }
        });
        return button;
    }

    // ---- Snippets -----------------------------------------------------------------------------------------------------------------------

    function snippet(box) {
        const pre = box.querySelector(":scope > pre");
        const needsCrates = /\b(?:vanishing|experiments|figures|exercises)\b/.test(pre.textContent);
        if (!served && needsCrates) return;

        const name = box.querySelector(".snippet-label").textContent.trim();
        const editor = new Editor(pre, `Program of ${name.toLowerCase()}`);
        const recorded = box.querySelector(".output samp")?.textContent ?? "";
        const key = box.dataset.program;
        const result = new Result();

        const differs = make("span", { className: "differs-note" }, "differs from the book");
        const reset = make("button", { type: "button", className: "quiet" }, "Reset");
        reset.setAttribute("aria-label", `Reset ${name.toLowerCase()} to the book's`);
        reset.addEventListener("click", () => {
            run.stop();
            editor.replace(editor.original);
            result.clear();
            run.focus();
        });
        const trimmed = (text) => text.split("\n").map((line) => line.trimEnd()).join("\n").trimEnd();
        const run = runner(served ? "Run" : "Run on play.rust-lang.org", async (signal) => {
            result.say("Running …");
            const start = performance.now();
            try {
                const trial = served ? await ask("run", { code: editor.text }, signal) : await askPlayground(editor.text, signal);
                const seconds = ((performance.now() - start) / 1000).toFixed(2);
                const same = trimmed(trial.stdout) === trimmed(recorded);
                const end = trial.end === "well" ? (same ? "It prints what was recorded." : "It ran.") : trial.message;
                const how = trial.end === "not-compiled" ? `${seconds} s` : `${seconds} s, ${place()}`;
                result.say(`${end} ${how}.`, trial.end === "well" ? "well" : "error");
                result.trial({ ...trial, stdout: same ? "" : trial.stdout }, editor, recorded);
            } catch (error) {
                // A reset has stopped it, and nobody wants to hear of it.
                if (!result.box.hidden) result.say(problem(error), "error");
            }
        });
        run.setAttribute("aria-describedby", box.querySelector(".snippet-label").id ||= `${box.id}-label`);
        editor.run = () => run.click();

        function update() {
            const changed = editor.text !== editor.original;
            reset.hidden = differs.hidden = !changed;
            box.classList.toggle("edited", changed);
        }
        editor.changed = () => {
            update();
            if (editor.text === editor.original) kept.remove(key);
            else kept.write(key, { text: editor.text, original: editor.original });
        };
        pre.after(make("div", { className: "bar" }, run, reset, differs));
        box.append(result.box);
        const edit = kept.read(key);
        if (edit) editor.restore(edit.text);
        update();
        return { key, editor, bar: box.querySelector(".bar") };
    }

    // Edits of a program that the page no longer has, because the book has changed: they are offered where they most likely belong.
    function offerOldEdits(snippets) {
        const here = new Set(snippets.map(({ key }) => key));
        const pages = new Set(snippets.map(({ key }) => key.split("/")[0]));
        for (const key of [...pages].flatMap((page) => kept.keys(`${page}/`)).filter((key) => !here.has(key))) {
            const edit = kept.read(key);
            if (!edit?.text) continue;
            const lines = new Set((edit.original ?? "").split("\n"));
            const likeness = ({ editor }) => editor.original.split("\n").filter((line) => line.trim() && lines.has(line)).length;
            const [best] = [...snippets].sort((a, b) => likeness(b) - likeness(a));
            if (!best || likeness(best) === 0) continue;
            const note = make("p", { className: "old-edit" }, "You have edited an earlier version of this program. ");
            const done = () => {
                kept.remove(key);
                note.remove();
                best.editor.area.focus();
            };
            const show = make("button", { type: "button", className: "link" }, "Show my edit");
            show.addEventListener("click", () => {
                best.editor.replace(edit.text);
                done();
            });
            const discard = make("button", { type: "button", className: "link" }, "Discard it");
            discard.addEventListener("click", done);
            note.append(show, " ", discard);
            best.bar.before(note);
        }
    }

    // ---- Exercises ----------------------------------------------------------------------------------------------------------------------

    function exercise(section, record, changed) {
        const { exercise: name, kind } = section.dataset;
        const title = section.querySelector("h3").textContent;
        const key = `exercise/${name}`;
        const result = new Result();
        const state = make("span", { className: "state" });
        section.querySelector(".exercise-kind").append(state);
        const how = section.querySelector(".exercise-how");
        const predicts = kind === "predict";
        const editor = predicts ? null : new Editor(section.querySelector(".starter pre"), `Your program: ${title}`);
        if (editor) section.querySelector(".starter .snippet-label").textContent = "Your program";
        const prediction = predicts ? predictionField(section, title) : null;

        const check = runner(predicts ? "Predict and run" : "Check", async (signal) => {
            const answer = predicts ? prediction.value() : editor.text;
            if (predicts && !answer.trim()) return result.say("Predict first; then it runs.", "error");
            if (predicts) kept.remove(key);
            result.say("Checking …");
            try {
                const verdict = await ask("check", { exercise: name, answer }, signal);
                result.say(`${verdict.passed ? "Passed." : "Not yet."} ${verdict.message}`, verdict.passed ? "well" : "error");
                if (verdict.misconception) {
                    const [known] = verdict.misconception;
                    const text = [...section.querySelectorAll(".misconception")].find((box) => box.dataset.name === known);
                    const words = text ? [...text.cloneNode(true).childNodes] : [];
                    result.rest.append(make("div", { className: "known" }, "It looks like this:", ...words));
                }
                if (verdict.checks.length) result.rest.append(make("ul", { className: "checks" }, ...verdict.checks.map(checked)));
                if (verdict.trial) result.trial(verdict.trial, editor);
                if (verdict.passed) section.querySelector(".solution").open = true;
                changed();
            } catch (error) {
                if (!result.box.hidden) result.say(problem(error), "error");
            }
        });
        check.setAttribute("aria-describedby", `exercise-${name}`);
        const anew = make("button", { type: "button", className: "quiet" }, "Start anew");
        anew.setAttribute("aria-describedby", `exercise-${name}`);
        // What was done is forgotten, so it is asked for twice.
        let asked = false;
        const askAgain = (again) => {
            asked = again;
            anew.textContent = again ? "Forget what you did here?" : "Start anew";
        };
        anew.addEventListener("blur", () => askAgain(false));
        anew.addEventListener("click", async () => {
            if (!asked) return askAgain(true);
            askAgain(false);
            check.stop();
            editor?.replace(editor.original);
            prediction?.clear();
            kept.remove(key);
            result.clear();
            section.querySelector(".solution").open = false;
            check.focus();
            await ask("reset", { exercise: name }).then(changed).catch((error) => result.say(problem(error), "error"));
        });

        const bar = make("div", { className: "bar" }, ...(prediction ? [prediction.box] : []), check, anew);
        section.querySelector(".choices")?.remove();
        // Here a wrong answer brings its own.
        const others = section.querySelector(".misconceptions");
        if (others) others.hidden = true;
        how.replaceWith(bar, result.box);
        if (editor) {
            editor.run = () => check.click();
            editor.changed = () => (editor.text === editor.original ? kept.remove(key) : kept.write(key, { text: editor.text }));
            // What is on its way in this browser comes before what was checked last.
            const text = kept.read(key)?.text ?? record?.answer;
            if (text) editor.restore(text);
        } else {
            prediction.set(kept.read(key)?.text ?? record?.answer ?? "");
            prediction.box.addEventListener("input", () => kept.write(key, { text: prediction.value() }));
        }

        return (record) => {
            const score = record?.score ? ` (${record.score[0]} of ${record.score[1]})` : "";
            state.textContent = record ? (record.state === "passed" ? `done${score}` : `tried${score}`) : "";
            section.classList.toggle("done", record?.state === "passed");
            anew.hidden = !record;
        };
    }

    // A check in a line: whether it holds, and what it is. Those of a test say it themselves.
    function checked({ ok, text }) {
        const [, verb, rest] = text.match(/^(killed|survives|passes|should pass, but fails): ([^]*)/) ?? [null, ok ? "ok" : "fails", text];
        return make("li", { className: ok ? "ok" : "failed" }, make("b", {}, verb), ` ${rest}`);
    }

    function predictionField(section, title) {
        const choices = Array.from(section.querySelectorAll(".choices li"), (choice) => choice.textContent);
        if (!choices.length) {
            const input = make("input", { type: "text", inputMode: "decimal", autocomplete: "off", className: "prediction" });
            input.addEventListener("keydown", (event) => {
                if (event.key === "Enter") section.querySelector(".run").click();
            });
            const box = make("label", { className: "predict" }, "Your prediction ", input);
            return { box, value: () => input.value, set: (value) => (input.value = value), clear: () => (input.value = "") };
        }
        const name = `predict-${section.dataset.exercise}`;
        const radios = choices.map((value) => make("input", { type: "radio", name, value }));
        const labels = radios.map((radio) => make("label", {}, radio, ` ${radio.value}`));
        const box = make("fieldset", { className: "predict" }, make("legend", {}, "Your prediction"), ...labels);
        box.setAttribute("aria-label", `Your prediction: ${title}`);
        return {
            box,
            value: () => radios.find((radio) => radio.checked)?.value ?? "",
            set: (value) => radios.forEach((radio) => (radio.checked = radio.value === value)),
            clear: () => radios.forEach((radio) => (radio.checked = false)),
        };
    }

    // ---- Progress -----------------------------------------------------------------------------------------------------------------------

    function sidebar(importAll) {
        const chapters = document.querySelector("#mdbook-sidebar ol.chapter");
        if (!chapters) return () => {};
        const summary = make("p");
        const save = make("button", { type: "button", className: "link" }, "Export");
        const load = make("button", { type: "button", className: "link" }, "Import");
        const file = make("input", { type: "file", accept: ".json,application/json", hidden: true });
        const told = make("p");
        told.setAttribute("role", "status");
        load.addEventListener("click", () => file.click());
        file.addEventListener("change", async () => {
            try {
                await importAll(JSON.parse(await file.files[0].text()));
                told.textContent = "Imported.";
            } catch (error) {
                told.textContent = `Not imported: ${error instanceof SyntaxError ? "the file is no JSON" : error.message}.`;
            }
            file.value = "";
        });
        const box = make("section", { className: "progress" }, summary, make("p", {}, save, " ", load, file), told);
        box.setAttribute("aria-label", "Your progress");
        chapters.after(box);

        return ({ exercises, progress }) => {
            const isDone = ({ name }) => progress.exercises[name]?.state === "passed";
            summary.textContent = `Exercises: ${exercises.filter(isDone).length} of ${exercises.length} done`;
            save.onclick = () => {
                const text = `${JSON.stringify(progress, null, 2)}\n`;
                const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
                make("a", { href: url, download: "vanishing-gradients-progress.json" }).click();
                setTimeout(() => URL.revokeObjectURL(url), 1000);
            };
            for (const link of chapters.querySelectorAll("a[href]")) {
                const file = link.pathname.split("/").pop().replace(/\.html$/, "");
                const here = exercises.filter(({ page }) => page === file);
                // Only the chapter's own entry, not those of its headings.
                if (!here.length || link.hash) continue;
                const mark = link.querySelector(".count") ?? link.appendChild(make("span", { className: "count" }));
                const count = here.filter(isDone).length;
                mark.textContent = `${count}/${here.length}`;
                mark.title = `${count} of ${here.length} exercises done`;
                mark.classList.toggle("all", count === here.length);
            }
        };
    }

    async function exercises() {
        const sections = [...document.querySelectorAll("section.exercise")];
        let overview;
        try {
            overview = await ask("progress", {});
        } catch {
            // Then the exercises stay as they are without a server: to be read, and checked in the terminal.
            return;
        }
        // Answers may be long, and one request may not be.
        const showSidebar = sidebar(async (progress) => {
            const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
            if (!isObject(progress) || !isObject(progress.exercises)) throw new Error("the file is no progress of this book");
            const { version, exercises } = progress;
            const unknown = Object.keys(exercises).find((name) => !overview.exercises.some((here) => here.name === name));
            if (unknown !== undefined) throw new Error(`this book has no exercise ${unknown}`);
            // First whether it is of our form at all, so that all of it is taken or nothing.
            await ask("import", { version, exercises: {} });
            for (const [name, record] of Object.entries(exercises)) {
                overview = await ask("import", { version, exercises: { [name]: record } });
            }
            showAll();
        });
        const shown = new Map();
        function showAll() {
            showSidebar(overview);
            for (const [name, show] of shown) show(overview.progress.exercises[name]);
        }
        // If it can't be had, what is shown is a little old.
        async function changed() {
            overview = await ask("progress", {}).catch(() => overview);
            showAll();
        }
        for (const section of sections) {
            const name = section.dataset.exercise;
            shown.set(name, exercise(section, overview.progress.exercises[name], changed));
        }
        showAll();
    }

    const snippets = [...document.querySelectorAll(".snippet[data-program]")].map(snippet).filter(Boolean);
    offerOldEdits(snippets);
    if (served) exercises();
})();
