// The archive at the left: searched as one types, and put into the issue by Enter or by dragging.

import { get } from './api.js';
import { fill, make, number } from './dom.js';
import { announce, draggable } from './drag.js';
import { issueName } from './view.js';

const ROW = 58; // px, as in style.css
const PAGE = 60;

class ArchiveList extends HTMLElement {
  #asked = { text: '', category: '', from: '', to: '', unused: true };
  #pages = new Map();
  #total = 0;
  #active = 0;
  #turn = 0;
  #waits = 0;
  #asking = null;
  #answered = null;

  connectedCallback() {
    this.search = make('input', { type: 'search', placeholder: 'Search the archive', 'aria-label': 'Search the archive', oninput: event => this.#ask({ text: event.target.value }, 60) });
    this.count = make('p', { class: 'hint', role: 'status' });
    this.categories = make('select', { 'aria-label': 'Category', onchange: event => this.#ask({ category: event.target.value }) }, make('option', { value: '' }, 'All categories'));
    const date = (key, label) => make('label', {}, label, make('input', { type: 'date', onchange: event => this.#ask({ [key]: event.target.value }) }));
    this.box = make('div', { class: 'window', tabindex: '0', role: 'listbox', 'aria-label': 'Items of the archive' });
    this.rows = make('div', { class: 'rows', role: 'presentation' });
    this.box.append(this.rows);
    this.append(
      make('div', { class: 'finder' }, this.search, this.categories,
        make('details', { class: 'more' }, make('summary', {}, 'Dates'), make('div', { class: 'dates' }, date('from', 'From'), date('to', 'To'))),
        make('label', { class: 'check' }, make('input', { type: 'checkbox', checked: true, onchange: event => this.#ask({ unused: event.target.checked }) }), 'Not used yet')),
      this.count, this.box,
      make('p', { class: 'foot-note' }, make('button', { type: 'button', onclick: () => this.dispatchEvent(new Event('additem', { bubbles: true })) }, 'Add an item…')));
    this.search.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') { event.preventDefault(); this.box.focus(); }
      if (event.key === 'Enter') { event.preventDefault(); this.#put(0); }
    });
    this.box.addEventListener('scroll', () => this.#draw());
    this.box.addEventListener('keydown', event => this.#key(event));
    this.box.addEventListener('dblclick', event => { const row = event.target.closest('.entry'); if (row) this.#put(Number(row.dataset.index)); });
    this.box.addEventListener('click', event => { const row = event.target.closest('.entry'); if (row) this.#activate(Number(row.dataset.index)); });
    new ResizeObserver(() => this.#draw()).observe(this.box);
    this.refresh();
  }

  set known(categories) {
    const now = this.categories.value;
    fill(this.categories, make('option', { value: '' }, 'All categories'), categories.map(([name, count]) => make('option', { value: name }, `${name || 'none'} (${number(count)})`)));
    this.categories.value = now;
  }

  /** Ask anew: files have changed, or the issue has. */
  async refresh() {
    const turn = ++this.#turn;
    const first = Math.floor(this.box.scrollTop / ROW / PAGE);
    const told = await this.#fetch(first).catch(() => null);
    if (turn !== this.#turn || !told) return;
    this.#pages = new Map([[first, told.items]]);
    this.#total = told.total;
    if (told.categories) this.known = told.categories;
    this.#active = Math.min(this.#active, Math.max(this.#total - 1, 0));
    this.count.textContent = this.#total === 1 ? '1 item' : `${number(this.#total)} items`;
    this.#draw();
  }

  #ask(wanted, pause = 0) {
    Object.assign(this.#asked, wanted);
    clearTimeout(this.#waits);
    const earlier = this.#answered; // who waits for a search that is typed on waits for the later one
    this.#asking = new Promise(resolve => {
      this.#answered = () => { resolve(); earlier?.(); };
      this.#waits = setTimeout(async () => { this.box.scrollTop = 0; this.#active = 0; await this.refresh(); this.#answered?.(); this.#answered = null; }, pause);
    });
  }

  #fetch(page) {
    return get('/api/archive', { ...this.#asked, issue: issueName, start: page * PAGE, limit: PAGE });
  }

  async #load(page) {
    if (this.#pages.has(page)) return;
    this.#pages.set(page, null);
    const turn = this.#turn;
    const told = await this.#fetch(page).catch(() => null);
    if (turn === this.#turn && told) { this.#pages.set(page, told.items); this.#draw(); } else this.#pages.delete(page);
  }

  at(index) { return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null; }

  #draw() {
    this.rows.style.height = `${this.#total * ROW}px`;
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - 6);
    const last = Math.min(this.#total, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + 6);
    for (let page = Math.floor(first / PAGE); page * PAGE < last; page++) this.#load(page);
    fill(this.rows, Array.from({ length: Math.max(last - first, 0) }, (_, offset) => this.#row(first + offset)));
    this.#mark();
  }

  /** Say which row is the active one. The rows stay: one that is made anew between two clicks is never double-clicked. */
  #mark() {
    for (const row of this.rows.children) row.setAttribute('aria-selected', String(Number(row.dataset.index) === this.#active));
    const active = this.rows.querySelector('[aria-selected=true]');
    if (active) this.box.setAttribute('aria-activedescendant', active.id); else this.box.removeAttribute('aria-activedescendant');
  }

  #row(index) {
    const item = this.at(index);
    const row = make('div', { class: `entry ${item?.here ? 'here' : ''}`, role: 'option', id: `entry-${index}`, 'data-index': index,
      'aria-selected': 'false', 'aria-posinset': index + 1, 'aria-setsize': this.#total, style: null },
    item ? [make('span', { class: 'what', dir: 'auto' }, item.title),
      make('span', { class: 'hint' }, [item.date, item.category, item.here ? 'in this issue' : item.used && `in ${item.used}`].filter(Boolean).join(' · '))] : '…');
    row.style.top = `${index * ROW}px`;
    if (item) draggable(row, () => ({ id: item.id, title: item.title, category: item.category }), (list, before, held) => list.take?.(held, before));
    return row;
  }

  #activate(index) {
    this.#active = Math.max(0, Math.min(index, this.#total - 1));
    const top = this.#active * ROW;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    if (top + ROW > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + ROW - this.box.clientHeight;
    if (this.rows.querySelector(`#entry-${this.#active}`)) this.#mark(); else this.#draw();
  }

  #key(event) {
    const jump = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -this.#total, End: this.#total }[event.key];
    if (jump) { event.preventDefault(); this.#activate(this.#active + jump); return; }
    if (event.key === 'Enter') { event.preventDefault(); this.#put(this.#active); }
  }

  async #put(index) {
    await this.#asking; // Enter means what was typed, not what was found before
    const item = this.at(index);
    if (!item || item.here) { if (item) announce('It is in the issue already'); return; }
    this.dispatchEvent(new CustomEvent('put', { bubbles: true, detail: item }));
  }
}

customElements.define('archive-list', ArchiveList);
