// One item: how it reads in this issue only, what the archive says of it, and what colleagues say about it.

import { get, post, send } from './api.js';
import { make, moment, sheet, single, toast } from './dom.js';
import { change } from './edit.js';
import { field, fromTo } from './field.js';

/** Open an item: in this issue, in the archive, comments. */
export async function itemSheet(id, told) {
  const item = await get(`/api/items/${encodeURIComponent(id)}`).catch(error => { toast(error.message); return null; });
  if (!item) return;
  const language = spoken(told);
  const shown = [told.lead, ...told.sections.flatMap(section => [...section.items, ...section.overflow])].find(each => each?.id === id);
  sheet(item.title,
    make('section', {}, make('h3', {}, 'In this issue only'), make('p', { class: 'hint' }, `The archive keeps its own words.${language ? ` These are for the edition in ${language}.` : ''}`),
      ...overrides(id, language && shown ? shown : item, shown?.override ?? {}, language)),
    make('details', { class: 'more' }, make('summary', {}, 'In the archive, for every issue'),
      language && make('p', { class: 'hint' }, 'In the language that the item is written in.'), ...archived(id, item)),
    comments(id, told.comments ?? []));
}

/** The language that an edition's own words are written under, '' for the issue's first. */
export const spoken = told => (told.written.translation ? told.language : '');

function overrides(id, item, override, language) {
  const set = key => (value, was) => change({ do: 'override', item: id, key, ...fromTo(value, was), language });
  return [
    field({ label: 'Title', value: override.title ?? '', placeholder: item.title, save: set('title') }),
    field({ label: 'Summary', rows: 3, value: override.summary ?? '', placeholder: item.summary, save: set('summary') }),
    field({ label: 'Address', value: override.url ?? '', placeholder: item.url, save: set('url') }),
  ];
}

function archived(id, item) {
  const set = (key, cast) => (value, was) => change({ do: 'item', item: id, key, ...fromTo(value, was, cast) });
  const words = text => text.split(',').map(word => word.trim()).filter(Boolean);
  const image = field({ label: 'Picture', value: item.image, placeholder: 'images/… or https://…', hint: 'Drop a picture here.', save: set('image.src') });
  takePicture(image, path => { image.input.value = path; image.send(); });
  return [
    field({ label: 'Title', value: item.title, save: set('title') }),
    field({ label: 'Summary', rows: 4, value: item.summary, save: set('summary') }),
    make('div', { class: 'pair' },
      field({ label: 'Category', value: item.category, list: item.categories ?? [], save: set('category') }),
      field({ label: 'Date', type: 'date', value: item.date, save: set('date') })),
    field({ label: 'Address', value: item.url, save: set('url') }),
    image,
    field({ label: 'What the picture shows', value: item.alt ?? '', placeholder: 'for those who do not see it', save: set('image.alt') }),
    make('div', { class: 'pair' },
      field({ label: 'Tags', value: item.tags.join(', '), save: set('tags', words) }),
      field({ label: 'Language', value: item.language, placeholder: 'as the publication', save: set('language') })),
    make('code', { class: 'at' }, item.at ? `${item.at.path}:${item.at.line}` : ''),
  ];
}

/** Let `element` take a picture file that is dropped on it; `taken(path)` is told where it was put. */
function takePicture(element, taken) {
  element.addEventListener('dragover', event => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); element.classList.add('taking'); } });
  element.addEventListener('dragleave', () => element.classList.remove('taking'));
  element.addEventListener('drop', async event => {
    event.preventDefault();
    element.classList.remove('taking');
    const [file] = event.dataTransfer.files;
    if (!file) return;
    try {
      const { path } = await send(`/api/pictures/${encodeURIComponent(file.name)}`, file);
      taken(path);
    } catch (error) { toast(error.message); }
  });
}

export function comments(id, all) {
  const ours = all.filter(each => (each.item ?? null) === id);
  const text = make('textarea', { rows: 2, 'aria-label': 'A comment for a colleague', placeholder: 'For a colleague; never in the mail' });
  const by = make('input', { 'aria-label': 'Your name', placeholder: 'Your name', value: localStorage.getItem('name') ?? '' });
  const add = single(async () => {
    if (!text.value.trim()) return;
    localStorage.setItem('name', by.value);
    if (await change({ do: 'add_comment', ...(id ? { item: id } : {}), text: text.value.trim(), by: by.value.trim() })) {
      list.append(make('li', {}, make('strong', {}, by.value || 'someone'), ` ${text.value.trim()}`));
      text.value = '';
    }
  });
  const list = make('ul', { class: 'notes' }, ours.map(each => make('li', { class: each.done ? 'undone' : '' },
    make('strong', {}, each.by || 'someone'), ` ${each.text} `, make('span', { class: 'hint' }, moment(each.at)),
    make('label', { class: 'check' }, make('input', { type: 'checkbox', checked: each.done, onchange: event =>
      change({ do: 'resolve_comment', at: each.at, by: each.by, done: event.target.checked }) }), 'settled'))));
  return make('details', { class: 'more', open: ours.some(each => !each.done) }, make('summary', {}, `Comments${ours.length ? ` (${ours.length})` : ''}`),
    list, text, make('div', { class: 'buttons' }, by, make('button', { type: 'button', onclick: add }, 'Add')));
}

/** Add an item: by its link, whose page is asked only now, or by hand. */
export function addSheet(categories, put) {
  const form = {};
  const input = (key, label, more = {}) => {
    form[key] = more.rows ? make('textarea', { rows: more.rows, dir: 'auto' }) : make('input', { type: more.type ?? 'text', dir: 'auto', list: more.list });
    return make('label', { class: 'field' }, make('span', {}, label), form[key]);
  };
  const status = make('p', { class: 'hint', role: 'status' });
  const ask = async () => {
    status.textContent = 'Asking the page …';
    try {
      const found = await post('/api/page', { url: form.url.value.trim() });
      for (const [key, element] of Object.entries(form)) if (found.item[key] && !element.value) element.value = found.item[key];
      form.url.value = found.item.url || form.url.value;
      status.textContent = `Offered by the page: ${found.found.join(', ') || 'nothing'}. Look it over, then add it.`;
    } catch (error) { status.textContent = error.message; }
  };
  const add = single(async () => {
    const item = Object.fromEntries(Object.entries(form).map(([key, element]) => [key, element.value.trim()]).filter(([, value]) => value));
    if (!item.title) { status.textContent = 'It needs a title.'; form.title.focus(); return; }
    const done = await change({ do: 'add_item', ...item });
    if (done) { dialog.close(); if (done.added?.[0]) put(done.added[0]); }
  });
  const dialog = sheet('Add an item',
    make('div', { class: 'asking' }, input('url', 'Address'), make('button', { type: 'button', onclick: ask }, 'Ask the page')), status,
    input('title', 'Title'), input('summary', 'Summary', { rows: 4 }),
    make('div', { class: 'pair' }, input('category', 'Category', { list: 'known-categories' }), input('date', 'Date', { type: 'date' })),
    make('datalist', { id: 'known-categories' }, categories.map(name => make('option', { value: name }))),
    input('image', 'Picture'),
    make('p', { class: 'buttons' }, make('button', { type: 'button', class: 'main', onclick: add }, 'Add to the archive and the issue')));
}
