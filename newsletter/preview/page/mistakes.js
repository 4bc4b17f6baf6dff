// Mistakes in the files, over the last good frame: where, what, what to do, and the lines of the source.

import { make } from './dom.js';

export const place = at => at ? [at.path, at.line, at.column].filter(Boolean).join(':') : '';

class MistakePanel extends HTMLElement {
  set problems(found) {
    const text = JSON.stringify(found);
    if (text === this.dataset.shown) return;
    this.dataset.shown = text;
    this.hidden = !found.length;
    this.replaceChildren(...(found.length ? [
      make('h2', {}, found.length === 1 ? 'A mistake. What you see is from before it.' : `${found.length} mistakes. What you see is from before them.`),
      make('ol', {}, found.map(problem => make('li', {},
        make('code', { class: 'at' }, place(problem.at)),
        make('p', {}, make('strong', {}, problem.message), problem.hint && ` ${problem.hint}`),
        problem.lines.length > 0 && source(problem)))),
    ] : []));
  }
}

function source({ lines, at }) {
  return make('pre', {}, lines.map(line => make('code', { class: line.number === at.line ? 'here' : '' },
    make('span', { class: 'number' }, String(line.number)), line.text + '\n',
    line.number === at.line && at.column > 0 && make('span', { class: 'caret', 'aria-hidden': 'true' }, ' '.repeat(at.column - 1) + '^\n'))));
}

customElements.define('mistake-panel', MistakePanel);
