-- The trigrams of a title, of its words and of their lemmas, each with a blank in front. Letters that the Cyrillic
-- alphabets write differently for much the same sound are one here, as in domain/similarity.py.
CREATE FUNCTION title_trigrams(searchable tsvector) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
    SELECT array_agg(DISTINCT substr(form, place, 3))
    FROM (
        SELECT ' ' || translate(word, 'іыїйёэєґьъ', 'ииииееег') AS form
        FROM unnest(tsvector_to_array(ts_filter(searchable, '{a}'))) AS word
    ) AS forms, generate_series(1, greatest(1, length(form) - 2)) AS place
$$;

-- Nothing is kept beside the petitions themselves, so whoever opens or takes over one has nothing more to write.
CREATE INDEX petitions_titles ON petitions USING gin (title_trigrams(searchable)) WHERE number IS NOT NULL;
