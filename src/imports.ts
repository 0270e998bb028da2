export {
  type ReleasedCaseFiles,
  type ReleasedCasesOptions,
  readReleasedCases,
} from './benchmark/released-cases.ts';
export { readReleasedConversations } from './conversations/released-conversations.ts';
export {
  type FileWarning,
  type ReleasedEntry,
  type ReleasedFile,
  readReleasedFile,
} from './personas/released-files.ts';
