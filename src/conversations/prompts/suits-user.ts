/** What makes a reply right for one user, for judges that compare replies to the same message. */
export const SUITS_USER: string = `- Look at how each reply speaks, with what warmth, humour, directness and formality; at its length and layout; and at whether it takes up what the last message says and wants.
- How this user writes hints at what suits them; a reply need not copy it.
- Length, praise, questions and repeated facts earn nothing by themselves. They count as this user likes them.
- Whoever wrote the replies knows only what the user has said in the conversation. A reply that brings up something else from the user's life would startle them.`;
