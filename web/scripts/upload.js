// Sends a file form in the background so that the page can show how much has
// gone. The form itself is a plain one and works without this.

export function sendWithProgress (form) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const area = form.querySelector('[data-upload-progress]')
    area.hidden = false
    setSending(form, true)
    const request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.addEventListener('progress', (sent) => show(area, sent))
    request.addEventListener('load', () => finish(form, request))
    request.addEventListener('error', () => fail(form, 'The file did not arrive: the connection was lost.', 'Send it again. A file sent twice is kept once.'))
    request.send(new FormData(form))
  })
}

function setSending (form, sending) {
  const button = form.querySelector('button[type="submit"]')
  button.disabled = sending
  form.setAttribute('aria-busy', String(sending))
}

function show (area, sent) {
  const bar = area.querySelector('progress')
  const words = area.querySelector('[data-progress-words]')
  if (!sent.lengthComputable) return bar.removeAttribute('value')
  bar.max = sent.total
  bar.value = sent.loaded
  const percent = Math.floor(100 * sent.loaded / sent.total)
  words.textContent = sent.loaded < sent.total ? `Sending: ${percent}%` : 'Sent. Reading the file…'
}

function finish (form, request) {
  let answer = {}
  try { answer = JSON.parse(request.responseText) } catch { /* not JSON: say so below */ }
  if (answer.location) return window.location.assign(answer.location)
  fail(form, answer.error || 'The file was not taken.', answer.hint || '')
}

function fail (form, message, hint) {
  setSending(form, false)
  form.querySelector('[data-upload-progress]').hidden = true
  const summary = form.querySelector('[data-upload-error]')
  summary.querySelector('[data-upload-message]').textContent = message
  summary.querySelector('[data-upload-hint]').textContent = hint
  summary.hidden = false
  summary.focus()
}
