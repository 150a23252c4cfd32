// What scripts add to pages that already work without them.
import {
  Button, ErrorSummary, FileUpload, NotificationBanner, PasswordInput,
  ServiceNavigation, SkipLink, createAll
} from 'govuk-frontend'
import { followProgress } from './progress.js'
import { sendWithProgress } from './upload.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

for (const component of [Button, ErrorSummary, FileUpload, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink]) {
  createAll(component)
}
for (const element of document.querySelectorAll('[data-progress]')) followProgress(element)
for (const form of document.querySelectorAll('form[data-upload]')) sendWithProgress(form)
