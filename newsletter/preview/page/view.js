// How the issue is looked at: kept in the address, so that a reload or a link shows the same.

import { query } from './api.js';

const DEFAULTS = {
  kind: 'email', device: innerWidth < 760 ? 'phone' : 'desktop', width: '375', look: 'light', client: '',
  images: '', styles: '', language: '', theme: '', data: '', compare: '',
};

/** The view; `change({look: 'dark'})` tells every listener `view`. */
export const view = new class extends EventTarget {
  constructor() {
    super();
    const asked = new URLSearchParams(location.search);
    Object.assign(this, DEFAULTS);
    for (const key of Object.keys(DEFAULTS)) if (asked.has(key)) this[key] = asked.get(key);
  }

  change(wanted) {
    Object.assign(this, wanted);
    history.replaceState(null, '', location.pathname + query(this.different()) + location.hash);
    this.dispatchEvent(new Event('view'));
  }

  /** What is not as usual. */
  different() {
    return Object.fromEntries(Object.keys(DEFAULTS).filter(key => this[key] !== DEFAULTS[key]).map(key => [key, this[key]]));
  }

  reset() { this.change(DEFAULTS); }

  /** What the server is asked for with: language, theme and data make another edition. */
  get wish() { return { language: this.language, theme: this.theme, data: this.data }; }
};

export const issueName = decodeURIComponent(location.pathname.split('/')[2] ?? '');
