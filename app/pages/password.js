'use strict';

const form = document.getElementById('form');
const said = document.getElementById('said');
// What stands behind "#" is sent to nobody; nor shall it stay in the browser's history.
const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);

function say(text) {
  said.textContent = text;
}

function reasonOf(answer) {
  if (answer.status === 429) return 'Too many tries. Wait a minute, and try again.';
  const errors = answer.body.errors ?? {};
  if (errors.token) return 'This link was used already, or is too old. Ask for another one.';
  return errors.new_password?.[0] ?? answer.body.error ?? 'That did not work. Try again in a moment.';
}

async function choose(password) {
  const response = await fetch('/api/v1/auth/password/reset/confirm/', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token, new_password: password }),
  });
  return { ok: response.ok, status: response.status, body: await response.json() };
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = form.elements;
  if (fields.password.value !== fields.again.value) return say('The two are not the same.');
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const answer = await choose(fields.password.value);
    if (!answer.ok) return say(reasonOf(answer));
    form.hidden = true;
    return say('Your password was chosen. You can sign in with it now.');
  } catch {
    return say('The server could not be reached. Try again in a moment.');
  } finally {
    button.disabled = false;
  }
});

if (token) form.hidden = false;
else say('This page is opened by the link that you were given.');
