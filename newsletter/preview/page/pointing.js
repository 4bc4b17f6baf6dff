// A click on a title or a summary in the frame: its field is there, where one pointed.

import { fill, make, squeeze } from './dom.js';
import { field, fromTo } from './field.js';
import { change } from './edit.js';
import { itemSheet, spoken } from './item.js';

const panel = make('div', { class: 'panel pointed', popover: 'auto', 'aria-label': 'What you pointed at' });
document.body.append(panel);

/** Find what of the issue stands at `target`: {item, key} or {section}, or null. */
export function pointedAt(told, target) {
  const items = [told.lead, ...told.sections.flatMap(section => section.items)].filter(Boolean);
  for (let element = target; element && element.localName !== 'body'; element = element.parentElement) {
    const text = squeeze(element.textContent);
    if (text.length > 1200) break;
    const title = items.find(item => squeeze(item.title) === text);
    if (title) return { item: title, key: 'title' };
    const section = told.sections.find(each => !each.block && squeeze(each.heading) === text);
    if (section) return { section };
    if (text.length > 12) {
      const summary = items.find(item => item.plain && squeeze(item.plain).includes(text));
      if (summary) return { item: summary, key: 'summary' };
      if (told.written.editorial && squeeze(told.written.editorial).includes(text.slice(0, 40))) return { editorial: true };
    }
  }
  return null;
}

/** Show the field of what was found beside the place that was clicked. */
export function openField(told, found, place) {
  const language = spoken(told);
  if (found.section) {
    const { section } = found;
    fill(panel, field({ label: 'Heading in this issue', value: section.said.heading ?? '', placeholder: section.heading,
      save: (value, was) => change({ do: 'section', category: section.category, nth: section.nth, key: 'heading', ...fromTo(value, was), language }) }));
  } else {
    const { item, key } = found;
    const now = item.override[key] ?? '';
    const own = now ? null : item[key]; // what the archive says: without an override, that is
    const label = key === 'title' ? 'Title' : 'Summary';
    const here = field({ label: `${label}, in this issue only`, rows: key === 'title' ? 2 : 5, value: now, placeholder: item[key],
      save: (value, was) => change({ do: 'override', item: item.id, key, value: value === own ? null : value || null, was: was === own ? null : was || null, language }) });
    if (!now) { here.input.addEventListener('focus', () => { if (!here.input.value) { here.input.value = item[key]; here.input.select(); } }, { once: true }); }
    fill(panel, here, make('button', { type: 'button', class: 'quiet', onclick: () => { panel.hidePopover(); itemSheet(item.id, told); } }, 'All of this item…'));
  }
  panel.showPopover();
  const width = panel.offsetWidth;
  panel.style.left = `${Math.max(8, Math.min(place.x, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(place.y, innerHeight - panel.offsetHeight - 8))}px`;
  panel.querySelector('input, textarea').focus();
}
