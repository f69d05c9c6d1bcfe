'use strict';

const text = 'system-ui, sans-serif';
const code = 'ui-monospace, monospace';

Redoc.init(
  '/api/schema/',
  {
    // It runs in a worker that is made from a text, which the page's policy forbids.
    disableSearch: true,
    // The default fonts are on a server of somebody else.
    theme: { typography: { fontFamily: text, headings: { fontFamily: text }, code: { fontFamily: code } } },
  },
  document.getElementById('page'),
);
