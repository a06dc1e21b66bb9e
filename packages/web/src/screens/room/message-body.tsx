import { type Block, type Inline, parseMarkdown } from '@sotto/keybox';
import type { JSX, ReactNode } from 'react';
import { createElement, Fragment, memo, useMemo } from 'react';
import styles from './message-body.module.css';

/** The text of a message as elements: whatever stands in it, it is shown and never run. */
export const MessageBody = memo(function MessageBody({
  text,
  mentions,
  own,
}: {
  readonly text: string;
  readonly mentions: readonly string[];
  /** Address whose mention stands out. */
  readonly own: string;
}): JSX.Element {
  const blocks = useMemo(() => parseMarkdown(text, { mentions }), [text, mentions]);
  return <div className={styles['body']}>{elements(blocks, (block) => blockElement(block, own))}</div>;
});

function blockElement(block: Block, own: string): ReactNode {
  switch (block.kind) {
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer has to be able to scroll it.
        <pre tabIndex={0} dir="ltr">
          <code>{block.text}</code>
        </pre>
      );
    case 'quote':
      return <blockquote dir="auto">{elements(block.blocks, (each) => blockElement(each, own))}</blockquote>;
    case 'list': {
      const items = elements(block.items, (item) => <li dir="auto">{inlineElements(item, own)}</li>);
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
    default:
      return <p dir="auto">{inlineElements(block.inline, own)}</p>;
  }
}

function inlineElements(inline: readonly Inline[], own: string): ReactNode {
  return elements(inline, (each) => inlineElement(each, own));
}

function inlineElement(inline: Inline, own: string): ReactNode {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'strong':
      return <strong>{inlineElements(inline.inline, own)}</strong>;
    case 'emphasis':
      return <em>{inlineElements(inline.inline, own)}</em>;
    case 'struck':
      return <s>{inlineElements(inline.inline, own)}</s>;
    case 'code':
      return <code dir="ltr">{inline.text}</code>;
    case 'link':
      return (
        <a href={inline.href} target="_blank" rel="noopener noreferrer" dir="ltr">
          {inline.text}
        </a>
      );
    default:
      return (
        <bdi className={styles['mention']} data-own={inline.address === own || undefined}>
          {inline.text}
        </bdi>
      );
  }
}

/** Parts of a text never change places: they need no names. */
function elements<Part>(parts: readonly Part[], element: (part: Part) => ReactNode): ReactNode {
  return createElement(Fragment, null, ...parts.map(element));
}
