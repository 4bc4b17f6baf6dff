// The tools above the stage: what is shown, on which device, in which look, as which client shows it.

import { fill, make } from './dom.js';
import { PHONES } from './stage.js';
import { issueName, view } from './view.js';

const KINDS = [['email', 'Mail'], ['web', 'Web'], ['text', 'Text'], ['inbox', 'Inbox'], ['source', 'Source']];
const DEVICES = [['desktop', 'Desktop'], ['phone', 'Phone'], ['both', 'Both']];
export const LOOKS = [['light', 'Light'], ['dark', 'Dark'], ['full', 'Dark: inverted in full (simulated)'], ['part', 'Dark: inverted in part (simulated)']];

class ViewTools extends HTMLElement {
  #choices = { themes: [], data: {}, clients: [] };
  #told = {};

  connectedCallback() { this.#draw(); view.addEventListener('view', () => this.#draw()); }

  set choices(value) { this.#choices = { ...this.#choices, ...value }; this.#draw(); }

  /** The issue as the server told it: its languages, and which theme it is in. */
  set told(value) {
    const same = JSON.stringify([value.languages, value.theme, value.issues]) === JSON.stringify([this.#told.languages, this.#told.theme, this.#told.issues]);
    this.#told = value;
    if (!same) this.#draw();
  }

  #draw() {
    const held = document.activeElement?.dataset?.tool;
    const open = this.querySelector(':popover-open') !== null;
    fill(this,
      segments('kind', 'Show', KINDS, view.kind === 'prose' ? 'text' : view.kind),
      segments('device', 'Device', DEVICES, view.device),
      select('look', 'Look', LOOKS, view.look),
      select('client', 'Client', [['', 'No client'], ...this.#choices.clients.map(each => [each.id, each.name])], view.client),
      this.#more());
    if (open) this.querySelector('#more').showPopover();
    if (held) this.querySelector(`[data-tool="${CSS.escape(held)}"]`)?.focus();
  }

  #more() {
    const { languages = [], theme = '', issues = [] } = this.#told;
    const different = Object.keys(view.different()).filter(key => !['kind', 'device', 'look', 'client'].includes(key)).length;
    const panel = make('div', { id: 'more', popover: 'auto', class: 'panel more-panel' },
      languages.length > 1 && labelled('Edition', select('language', 'Edition', languages.map((each, index) => [index ? each : '', each]), view.language)),
      labelled('Theme', select('theme', 'Theme', [['', `${theme || 'its own'}`], ...this.#choices.themes.filter(each => each !== theme || view.theme).map(each => [each, each])], view.theme)),
      labelled('Content', select('data', 'Content', [['', 'the issue’s own'], ...Object.entries(this.#choices.data)], view.data)),
      labelled('Compare', select('compare', 'Compare', [['', 'with nothing'], ['build', 'with the last build'], ...issues.filter(each => each !== issueName).map(each => [each, `with ${each}`])], view.compare)),
      labelled('Phone', select('width', 'Width of the phone', [...new Set([...PHONES, Number(view.width)])].sort((a, b) => a - b).map(each => [String(each), `${each} px`]), view.width)),
      check('images', 'Without images', view.images),
      check('styles', 'Without <style>', view.styles),
      check('prose', 'Text in a proportional font', view.kind === 'prose' ? 'off' : '', on => view.change({ kind: on ? 'prose' : 'text' })),
      make('button', { type: 'button', class: 'quiet', onclick: () => view.reset() }, 'As usual'));
    panel.addEventListener('toggle', () => button.setAttribute('aria-expanded', panel.matches(':popover-open')));
    const button = make('button', { type: 'button', class: 'more-button', popovertarget: 'more', 'aria-expanded': 'false', 'data-tool': 'more' },
      'More', different > 0 && make('span', { class: 'count', title: 'not as usual' }, String(different)));
    return [button, panel];
  }
}

function segments(key, label, choices, now) {
  return make('div', { class: `segments ${key}`, role: 'radiogroup', 'aria-label': label }, choices.map(([value, text]) =>
    make('label', {}, make('input', { type: 'radio', name: `view-${key}`, value, checked: value === now, 'data-tool': `${key}-${value}`,
      onchange: () => view.change({ [key]: value }) }), make('span', {}, text))));
}

function select(key, label, choices, now) {
  return make('select', { 'aria-label': label, 'data-tool': key, class: now && now !== 'light' && key !== 'width' ? 'changed' : '',
    onchange: event => view.change({ [key]: event.target.value }) },
    choices.map(([value, text]) => make('option', { value, selected: value === now }, text)));
}

function labelled(text, control) { return make('label', { class: 'row' }, make('span', {}, text), control); }

function check(key, text, now, action = on => view.change({ [key]: on ? 'off' : '' })) {
  return make('label', { class: 'row' }, make('span', {}, text),
    make('input', { type: 'checkbox', 'data-tool': key, checked: now === 'off', onchange: event => action(event.target.checked) }));
}

customElements.define('view-tools', ViewTools);
