// The issue at the right: its words, its sections and their items in order. Everything here is saved as it is done.

import { get } from './api.js';
import { fill, make, sheet } from './dom.js';
import { announce, draggable } from './drag.js';
import { change } from './edit.js';
import { field, fromTo } from './field.js';
import { miniature } from './frame.js';
import { comments, itemSheet, spoken } from './item.js';
import { itemMenu, sectionMenu } from './menus.js';
import { issueName, view } from './view.js';

const PLACEHOLDERS = [['first_name', 'First name'], ['last_name', 'Last name'], ['full_name', 'Whole name'], ['organisation', 'Organisation'], ['email', 'Address']];

class IssueOutline extends HTMLElement {
  #told = null;
  #fields = null;
  #isReady = null;
  #late = false;

  constructor() {
    super();
    this.ready = new Promise(resolve => { this.#isReady = resolve; });
  }

  set told(told) {
    this.#isReady();
    if (!told.sections) {
      if (!this.#told) fill(this, make('p', { class: 'hint' }, 'There is nothing to show of this issue yet. Press Enter on an item of the archive, and it is put in.'));
      return;
    }
    this.#told = told;
    if (!this.#fields) this.#build();
    const { subject, preheader, editorial } = this.#texts();
    this.#fields.subject.value = subject;
    this.#fields.preheader.value = preheader;
    this.#fields.editorial.value = editorial;
    this.#fields.number.value = told.written.number == null ? '' : String(told.written.number);
    this.#fields.date.value = told.written.date;
    this.#fields.subject.input.placeholder = told.subject;
    this.#fields.preheader.input.placeholder = told.preheader;
    this.#lengths();
    this.#sections();
  }

  #texts() { return this.#told.written.translation ?? this.#told.written; }

  /** A change of one of the issue's words, in the language that is looked at. */
  #set(key) {
    return (value, was) => change({ do: 'set', key, ...fromTo(value, was), language: spoken(this.#told) });
  }

  #build() {
    const placeholders = make('select', { 'aria-label': 'Insert a placeholder', class: 'insert', onchange: event => this.#insert(event.target) },
      make('option', { value: '' }, 'Insert a name…'), PLACEHOLDERS.map(([name, text]) => make('option', { value: name }, text)));
    this.#fields = {
      subject: field({ label: 'Subject', save: this.#set('subject') }),
      preheader: field({ label: 'Preheader', rows: 2, save: this.#set('preheader') }),
      editorial: field({ label: 'Editorial', rows: 4, placeholder: 'A few words before the news. **Bold**, *italic*, [a link](https://…)', extra: placeholders, save: this.#set('editorial') }),
      number: field({ label: 'Number', type: 'number', save: (value, was) => change({ do: 'set', key: 'number', ...fromTo(value, was, Number) }) }),
      date: field({ label: 'Date', type: 'date', save: (value, was) => change({ do: 'set', key: 'date', value, was }) }),
    };
    this.lists = make('div', { class: 'sections' });
    fill(this,
      this.#fields.subject, this.#fields.preheader, this.#fields.editorial,
      make('details', { class: 'more' }, make('summary', {}, 'Number, date, theme'),
        make('div', { class: 'pair' }, this.#fields.number, this.#fields.date),
        make('button', { type: 'button', onclick: () => this.#themes() }, 'Choose a theme from pictures…')),
      this.lists);
  }

  #insert(select) {
    const { input } = this.#fields.editorial;
    if (select.value) {
      input.setRangeText(`[[${select.value}|colleague]]`, input.selectionStart, input.selectionEnd, 'end');
      input.dispatchEvent(new Event('input'));
      input.focus();
    }
    select.value = '';
  }

  #lengths() {
    const lines = this.#told.inbox ?? [];
    for (const key of ['subject', 'preheader']) {
      const cut = lines.filter(line => line[`${key}Cut`]).map(line => `${line.client} (${line.device})`);
      const length = `${[...this.#told[key]].length} characters`;
      this.#fields[key].hint(cut.length ? `${length}; cut in ${cut.length} of ${lines.length} lists of mails` : lines.length ? `${length}; whole in every list of mails` : length);
      this.#fields[key].title = cut.length ? `cut by ${cut.join(', ')}` : '';
    }
  }

  #sections() {
    const told = this.#told;
    const open = this.lists.querySelector('.menu:popover-open');
    if (open) { // not from under the hand: when it is closed
      if (!this.#late) open.addEventListener('toggle', () => { this.#late = false; this.#sections(); }, { once: true });
      this.#late = true;
      return;
    }
    const active = this.lists.contains(document.activeElement) ? document.activeElement : null;
    const held = active?.closest('[data-key]')?.dataset.key;
    const rows = () => [...this.lists.querySelectorAll('.item[tabindex]')];
    const place = rows().indexOf(active?.closest('.item'));
    const folds = new Set([...this.lists.querySelectorAll('details[open]')].map(each => each.dataset.fold));
    const sections = told.sections.filter(section => !section.block);
    fill(this.lists,
      this.#lead(told),
      sections.map((section, index) => this.#section(section, index, sections)),
      this.#addSection(told, sections),
      this.#blocks(told),
      told.leftOut.length > 0 && make('details', { class: 'more', 'data-fold': 'left-out' }, make('summary', {}, `Left out (${told.leftOut.length})`),
        make('ul', { class: 'items' }, told.leftOut.map(item => make('li', { class: 'item' }, make('span', { dir: 'auto' }, item.title),
          make('button', { type: 'button', class: 'quiet', onclick: () => change({ do: 'bring_back', item: item.id }) }, 'Bring back'))))),
      this.#comments(told));
    for (const each of this.lists.querySelectorAll('details')) each.open = folds.has(each.dataset.fold);
    const again = held && this.lists.querySelector(`[data-key="${CSS.escape(held)}"]`);
    if (again) (again.matches('[tabindex], input') ? again : again.querySelector('button'))?.focus();
    else if (place >= 0) rows()[Math.min(place, rows().length - 1)]?.focus(); // it is gone: the one that took its place
  }

  #lead({ lead }) {
    const box = make('section', { class: 'part lead-part', 'data-drop': 'lead' },
      make('h3', {}, 'Lead'),
      lead ? make('ul', { class: 'items' }, this.#item(lead, { heading: 'Lead' }, 0, [lead]))
        : make('p', { class: 'hint slot' }, 'Drop an item here, or press L on it, and it stands first, large.'));
    box.take = held => change({ do: 'lead', item: held.id, was: lead?.id ?? null });
    return box;
  }

  #section(section, index, sections) {
    const list = make('ul', { class: 'items', 'data-drop': 'section', 'aria-label': section.heading });
    const all = [...section.items, ...section.overflow];
    list.take = (held, before) => this.place(held, section, before);
    list.append(...all.map((item, place) => this.#item(item, section, place, all, place >= section.items.length)));
    if (!all.length) list.append(make('li', { class: 'hint slot' }, 'Empty: drop an item here.'));
    return make('section', { class: 'part', 'data-anchor': section.anchor },
      make('header', { 'data-key': `section/${section.anchor}` }, make('h3', { dir: 'auto' }, section.heading || section.category || 'Without a category'),
        make('span', { class: 'hint' }, section.layout),
        sectionMenu(section, index, sections, spoken(this.#told))), list);
  }

  #addSection(told, sections) {
    const there = new Set(sections.map(section => section.category));
    const others = (told.categories ?? []).filter(name => !there.has(name));
    return others.length > 0 && make('select', { class: 'insert', 'aria-label': 'Add a section', onchange: event => event.target.value && change({ do: 'add_section', category: event.target.value }) },
      make('option', { value: '' }, 'Add a section…'), others.map(name => make('option', { value: name }, name)));
  }

  #blocks({ blocks = [] }) {
    return blocks.length > 0 && make('details', { class: 'more', 'data-fold': 'blocks' }, make('summary', {}, 'Standing blocks'),
      make('ul', { class: 'items' }, blocks.map(block => make('li', {}, make('label', { class: 'check' },
        make('input', { type: 'checkbox', checked: !block.off, 'data-key': `block/${block.name}`, onchange: event => change({ do: 'block', name: block.name, off: !event.target.checked }) }), block.title || block.name)))));
  }

  /** Comments about the issue as a whole; one that is being written stays. */
  #comments({ comments: all }) {
    const known = this.lists.querySelector('.comments');
    const said = JSON.stringify(all.filter(each => each.item === null));
    if (known && (known.dataset.told === said || known.querySelector('textarea').value)) return known;
    const box = comments(null, all);
    box.classList.add('comments');
    box.dataset.told = said;
    box.dataset.fold = 'comments';
    return box;
  }

  #item(item, section, place, all, over = false) {
    const key = `${section.anchor ?? 'lead'}/${item.id}`;
    const comments = (this.#told.comments ?? []).filter(each => each.item === item.id && !each.done).length;
    const row = make('li', { class: `item ${over ? 'over' : ''}`, tabindex: '0', 'data-item': item.id, 'data-key': key,
      'aria-label': `${item.title}, ${place + 1} of ${all.length} in ${section.heading}${item.pinned ? ', pinned' : ''}${over ? ', over the limit' : ''}` },
      make('span', { class: 'what', dir: 'auto' }, item.title),
      make('span', { class: 'marks' }, item.pinned && make('span', { title: 'pinned: stands where you put it' }, 'pinned'),
        Object.keys(item.override).length > 0 && make('span', { title: 'reads differently in this issue' }, 'reworded'),
        comments > 0 && make('span', { title: 'open comments' }, comments === 1 ? '1 comment' : `${comments} comments`),
        over && make('span', { title: 'in the web version only' }, 'over the limit')),
      itemMenu(item, section, this.#actions(item, section, place, all)));
    row.addEventListener('keydown', event => this.#key(event, item, section, place, all));
    row.addEventListener('dblclick', () => itemSheet(item.id, this.#told));
    draggable(row, () => ({ id: item.id, title: item.title }), (list, before, held) => list.take?.(held, before));
    return row;
  }

  #actions(item, section, place, all) {
    return {
      edit: () => itemSheet(item.id, this.#told),
      up: () => this.#move(item, section, place, all, -1),
      down: () => this.#move(item, section, place, all, 1),
      lead: () => change({ do: 'lead', item: item.id === this.#told.lead?.id ? null : item.id, was: this.#told.lead?.id ?? null }),
      unpin: () => change({ do: 'unpin', item: item.id }),
      leaveOut: () => change({ do: 'leave_out', item: item.id }),
      isLead: item.id === this.#told.lead?.id,
    };
  }

  #key(event, item, section, place, all) {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    const actions = this.#actions(item, section, place, all);
    const done = {
      Enter: actions.edit, Delete: actions.leaveOut, Backspace: actions.leaveOut, l: actions.lead, L: actions.lead,
      ArrowUp: event.altKey ? actions.up : () => this.#focus(event.currentTarget, -1),
      ArrowDown: event.altKey ? actions.down : () => this.#focus(event.currentTarget, 1),
    }[event.key];
    if (done) { event.preventDefault(); event.stopPropagation(); done(); }
  }

  #focus(row, step) {
    const rows = [...this.lists.querySelectorAll('.item[tabindex]')];
    rows[rows.indexOf(row) + step]?.focus();
  }

  /** Move an item one place, or into the section above or below when it is at the end. */
  async #move(item, section, place, all, step) {
    const sections = this.#told.sections.filter(each => !each.block);
    const index = sections.findIndex(each => each.anchor === section.anchor);
    if (index < 0) return;
    const goal = place + step;
    let done;
    if (goal >= 0 && goal < all.length) {
      const before = step < 0 ? all[goal] : all[goal + 1];
      done = await this.place(item, section, before?.id ?? null);
      announce(`${item.title}: ${goal + 1} of ${all.length} in ${section.heading}`);
      this.#held = `${section.anchor}/${item.id}`;
    } else if (sections[index + step]) {
      const other = sections[index + step];
      done = await this.place(item, other, step > 0 ? other.items[0]?.id ?? null : null);
      announce(`${item.title}: moved to ${other.heading}`);
      this.#held = `${other.anchor}/${item.id}`;
    }
    return done;
  }

  set #held(key) {
    // the row is made anew when the issue is told anew
    const watch = new MutationObserver(() => {
      const row = this.lists.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (row) { row.focus(); watch.disconnect(); }
    });
    watch.observe(this.lists, { childList: true });
    this.lists.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
    setTimeout(() => watch.disconnect(), 2000);
  }

  place(held, section, before = null) {
    return change({ do: 'place', item: held.id, category: section.category, nth: section.nth, before });
  }

  /** Put an item of the archive where it belongs: into the section of its category, or the first one. */
  async put(item) {
    await this.ready;
    const sections = this.#told?.sections.filter(each => !each.block);
    const home = sections ? sections.find(each => each.category.toLowerCase() === item.category.toLowerCase())
      : { category: item.category, nth: 0, heading: item.category }; // an issue without an item is not drawn
    const done = home ? await this.place(item, home) : await change({ do: 'add_section', category: item.category, items: [item.id] });
    if (done) announce(`${item.title}: put into ${home?.heading ?? item.category}`);
  }

  async #themes() {
    const { themes } = await get('/api/choices');
    const dialog = sheet('Theme of this issue', make('div', { class: 'pictures' }, themes.map(name => make('button', {
      type: 'button', class: name === this.#told.theme ? 'chosen' : '', 'aria-pressed': String(name === this.#told.theme),
      onclick: async () => { dialog.close(); await change({ do: 'set', key: 'theme', value: name, was: this.#told.written.theme ?? null }); } },
    make('span', { class: 'thumb', inert: true }, miniature(issueName, view.language, { theme: name })),
    name))));
  }

  /** Show the field of one of the issue's words, and go there. */
  go(key) {
    this.#fields?.[key]?.closest('details')?.setAttribute('open', '');
    this.#fields?.[key]?.input.focus();
  }
}

customElements.define('issue-outline', IssueOutline);
