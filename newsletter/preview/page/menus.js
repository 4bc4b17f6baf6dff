// The menus behind ⋯: what can be done with an item, and with a section.

import { drawn, icon, make, sheet } from './dom.js';
import { change } from './edit.js';
import { choice, field, fromTo } from './field.js';

let count = 0;

/** A button that opens a menu of `entries`: [text, action, key?]; what is false is left out. */
export function menu(label, entries) {
  const id = `menu-${++count}`;
  const panel = make('div', { id, popover: 'auto', role: 'menu', class: 'panel menu', 'aria-label': label });
  const button = make('button', { type: 'button', class: 'quiet dots', popovertarget: id, 'aria-label': label, 'aria-haspopup': 'menu' }, icon('dots'));
  const items = entries.filter(Boolean).map(([text, action, key]) => make('button', { type: 'button', role: 'menuitem', class: 'quiet', tabindex: '-1',
    onclick: () => { panel.hidePopover(); action(); } }, text, key && make('kbd', {}, key)));
  panel.append(...items);
  panel.addEventListener('toggle', event => { if (event.newState === 'open') items[0]?.focus(); });
  panel.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
  return make('span', { class: 'menu-of' }, button, panel);
}

export function itemMenu(item, section, actions) {
  return menu(`What to do with ${item.title}`, [
    ['Edit…', actions.edit, 'Enter'],
    !actions.isLead && ['Up', actions.up, 'Alt ↑'],
    !actions.isLead && ['Down', actions.down, 'Alt ↓'],
    [actions.isLead ? 'Not the lead any more' : 'Make it the lead', actions.lead, 'L'],
    item.pinned && ['Unpin: let it fall where it falls', actions.unpin],
    ['Leave it out', actions.leaveOut, 'Del'],
  ]);
}

export const LAYOUTS = {
  cards: 'Picture, title, summary, link', list: 'Date and title, close together', feature: 'An interview: portrait, name, quote',
  portrait: 'People: a small portrait beside the words', events: 'When and where, by month', resources: 'Publications with their covers',
  callout: 'One message, one button', quote: 'One sentence, large', numbers: 'Two to four figures', image: 'One picture, full width',
  text: 'Words only', divider: 'A line',
};

export function sectionMenu(section, index, sections, language) {
  const at = { category: section.category, nth: section.nth };
  const move = step => {
    const goal = sections[step < 0 ? index - 1 : index + 2];
    change({ do: 'move_section', ...at, before: goal?.category ?? null, before_nth: goal?.nth ?? 0 });
  };
  return menu(`What to do with the section ${section.heading}`, [
    ['Heading, layout, limit…', () => sectionSheet(section, language)],
    index > 0 && ['Up', () => move(-1)],
    index < sections.length - 1 && ['Down', () => move(1)],
    ['Remove the section', () => change({ do: 'remove_section', ...at })],
  ]);
}

function sectionSheet(section, language) {
  const at = { category: section.category, nth: section.nth };
  const { said } = section;
  const set = (key, cast) => (value, was) =>
    change({ do: 'section', ...at, key, ...fromTo(value, was, cast), ...(key === 'heading' ? { language } : {}) });
  let layout = said.layout ?? '';
  const lay = async name => {
    const was = layout;
    layout = name;
    const done = await set('layout')(name, was);
    if (done === null || done.kept) layout = was;
  };
  sheet(section.heading,
    field({ label: 'Heading in this issue', value: said.heading ?? '', placeholder: section.heading, save: set('heading') }),
    make('fieldset', { class: 'layouts' }, make('legend', {}, 'Layout'), Object.entries(LAYOUTS).map(([name, text]) => make('label', {},
      make('input', { type: 'radio', name: 'layout', value: name, checked: name === section.layout, onchange: () => lay(name) }),
      sketch(name), make('span', {}, make('strong', {}, name), make('span', { class: 'hint' }, ` ${text}`))))),
    make('div', { class: 'pair' },
      choice({ label: 'Columns', value: String(said.columns ?? ''), choices: [['', 'as usual'], ['1', '1'], ['2', '2']], save: set('columns', Number) }),
      choice({ label: 'Order', value: said.order ?? '', choices: [['', 'as usual'], ['newest', 'newest first'], ['oldest', 'oldest first'], ['title', 'by title']], save: set('order') }),
      field({ label: 'At most', type: 'number', value: String(said.limit ?? ''), placeholder: 'as usual', hint: 'What is over it stands in the web version.', save: set('limit', Number) })));
}

/** A small drawing of a layout: boxes for pictures, lines for words. */
function sketch(name) {
  const shapes = {
    cards: [[4, 4, 18, 14], [26, 5, 30, 3], [26, 11, 24, 2], [26, 15, 26, 2], [4, 24, 18, 14], [26, 25, 30, 3], [26, 31, 24, 2]],
    list: [[4, 6, 8, 2], [16, 6, 38, 2], [4, 15, 8, 2], [16, 15, 32, 2], [4, 24, 8, 2], [16, 24, 36, 2], [4, 33, 8, 2], [16, 33, 28, 2]],
    feature: [[4, 4, 16, 16], [24, 5, 32, 3], [24, 12, 20, 2], [8, 26, 44, 3], [8, 32, 36, 3]],
    portrait: [[4, 4, 12, 12], [20, 6, 30, 3], [20, 12, 34, 2], [4, 24, 12, 12], [20, 26, 28, 3], [20, 32, 34, 2]],
    events: [[4, 4, 10, 10], [18, 5, 34, 3], [18, 11, 22, 2], [4, 20, 10, 10], [18, 21, 30, 3], [18, 27, 24, 2]],
    resources: [[4, 4, 14, 20], [22, 5, 34, 3], [22, 12, 28, 2], [22, 17, 30, 2], [22, 24, 12, 4]],
    callout: [[8, 8, 44, 4], [12, 16, 36, 2], [20, 26, 20, 8]],
    quote: [[6, 8, 3, 24], [14, 10, 40, 4], [14, 18, 34, 4], [14, 28, 18, 2]],
    numbers: [[4, 8, 14, 14], [24, 8, 14, 14], [44, 8, 12, 14], [4, 26, 14, 2], [24, 26, 14, 2], [44, 26, 12, 2]],
    image: [[4, 4, 52, 28], [4, 35, 30, 2]],
    text: [[4, 6, 52, 2], [4, 12, 50, 2], [4, 18, 52, 2], [4, 24, 44, 2], [4, 30, 30, 2]],
    divider: [[4, 20, 52, 2]],
  }[name] ?? [];
  return drawn('svg', { viewBox: '0 0 60 42', 'aria-hidden': 'true' }, ...shapes.map(([x, y, width, height]) =>
    drawn('rect', { x, y, width, height, rx: height > 5 ? 2 : 1, class: height > 8 ? 'box' : 'line' })));
}
