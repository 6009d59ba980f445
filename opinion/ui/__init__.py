"""What the pages share: navigation, questionnaire, results, state. ``import streamlit`` lives here and in pages."""
