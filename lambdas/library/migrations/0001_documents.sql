CREATE TABLE web_documents (
    id                   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Longer values do not fit into an index.
    url                  text        NOT NULL UNIQUE CHECK (octet_length(url) BETWEEN 1 AND 2048),
    document_type        text        NOT NULL CHECK (document_type IN (
                                         'movie', 'youtube', 'link', 'webpage', 'text_message', 'text')),
    document_state       text        NOT NULL DEFAULT 'URL_ADDED' CHECK (document_state IN (
                                         'ERROR', 'URL_ADDED', 'NEED_TRANSCRIPTION', 'TRANSCRIPTION_IN_PROGRESS',
                                         'TRANSCRIPTION_DONE', 'TRANSCRIPTION_DONE_AND_SPLIT_BY_CHAPTERS',
                                         'NEED_MANUAL_REVIEW', 'READY_FOR_TRANSLATION', 'READY_FOR_EMBEDDING',
                                         'EMBEDDING_EXIST', 'DOCUMENT_INTO_DATABASE', 'NEED_CLEAN_TEXT',
                                         'NEED_CLEAN_MD', 'TEXT_TO_MD_DONE', 'MD_SIMPLIFIED')),
    document_state_error text,
    title                text,
    title_english        text,
    summary              text,
    summary_english      text,
    language             text,
    text                 text,
    text_raw             text,
    text_english         text,
    text_md              text,
    tags                 text,
    source               text,
    author               text,
    note                 text,
    paywall              boolean     NOT NULL DEFAULT false,
    chapter_list         text,
    date_from            date,
    original_id          text,
    document_length      integer,
    transcript_job_id    text,
    ai_summary_needed    boolean     NOT NULL DEFAULT false,
    ai_correction_needed boolean     NOT NULL DEFAULT false,
    s3_uuid              uuid,
    project              text,
    created_at           timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX web_documents_newest ON web_documents (created_at DESC, id DESC);
CREATE INDEX web_documents_to_review ON web_documents (document_state, document_type, id);
