// Follows a job that a page shows: asks for its state, moves the bar, says
// what is being done, and opens the page anew when the job has ended. Without
// scripts the page asks the browser to refresh itself instead.

const every = 1000 // milliseconds between questions
const patience = 10 // questions that may fail before giving up

export function followProgress (element) {
  let failures = 0
  const ask = async () => {
    try {
      const answer = await fetch(element.dataset.progress, { headers: { Accept: 'application/json' } })
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      const job = await answer.json()
      failures = 0
      if (job.ended) return window.location.reload()
      show(element, job)
    } catch {
      if (++failures >= patience) return say(element, 'We cannot reach the service. Refresh this page to see how far it got.')
    }
    setTimeout(ask, every)
  }
  setTimeout(ask, every)
}

function show (element, job) {
  const bar = element.querySelector('progress')
  if (job.total > 0) {
    bar.max = job.total
    bar.value = job.done
  } else {
    bar.removeAttribute('value')
  }
  say(element, job.words)
}

// say changes the words only when they are new: a live region that is written
// to every second is read aloud every second.
function say (element, words) {
  const place = element.querySelector('[data-progress-words]')
  if (place.textContent !== words) place.textContent = words
}
